package io.migratekit.volume.daemon;

import static io.migratekit.volume.daemon.RunningDaemonTest.connect;
import static io.migratekit.volume.daemon.RunningDaemonTest.perform;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.daemon.DaemonStart.Origin;
import io.migratekit.volume.export.EndlessCopy;
import io.migratekit.volume.export.EndlessWriter;
import io.migratekit.volume.export.ExportEngines;
import io.migratekit.volume.operation.AtOnce;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What exports are to those who ask the running daemon for them, with either engine. */
@Timeout(120)
abstract class ExportsContract {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SIZE_BYTES = 256 << 10;
    private static final int COPIED_BYTES = 16 << 20;
    private static final int THREADS = 4;
    private static final int VOLUMES_EACH = 5;
    private static final int ROUNDS = 5;

    private final String engine;

    @TempDir
    Path home;

    private DaemonRoom room;

    ExportsContract(String engine) {
        this.engine = engine;
    }

    @BeforeEach
    final void open() {
        room = DaemonRoom.open(home, Map.of("engine", engine));
    }

    @AfterEach
    final void close() {
        ExportEngines.of(room.settings().volumes(), home.resolve("exports")).stop();
        room.close();
    }

    @Test
    void aHundredExportsComeAndGoFromManyHandsWhileACopyGoesOn() throws Exception {
        try (RunningDaemon daemon = room.start(Origin.ASKED_FOR)) {
            Volumes volumes = room.client(PATIENCE);
            VolumeExport copied = exported(volumes, "copied", COPIED_BYTES);
            List<VolumeId> others = new ArrayList<>();
            try (EndlessCopy copy = EndlessCopy.start(uri(copied), COPIED_BYTES)) {
                AtOnce.run(THREADS, number -> comeAndGo(volumes, number)).forEach(others::addAll);
                copy.awaitPasses(copy.passes() + 1);
            }
            assertThat(volumes.exports()).containsExactly(copied);
            for (int number = 0; number < others.size(); number++) {
                VolumeExport last = exportedAgain(volumes, others.get(number));
                assertThat(last.name().epoch()).isEqualTo(ROUNDS + 1);
                assertThat(read(last)).containsOnly(number * ROUNDS + ROUNDS - 1);
            }
            assertThat(volumes.operations(
                            new OperationFilter(Optional.empty(), Optional.of(OperationStatus.FAILED), 10)))
                    .isEmpty();
            assertThat(volumes.health().healthy()).isTrue();
            assertThat(daemon.end()).isNotDone();
        }
    }

    private static List<VolumeId> comeAndGo(Volumes volumes, int thread) throws IOException {
        List<VolumeId> own = new ArrayList<>();
        for (int number = thread * VOLUMES_EACH; number < (thread + 1) * VOLUMES_EACH; number++) {
            VolumeExport export = exported(volumes, "other-" + number, SIZE_BYTES);
            VolumeId id = export.name().volume();
            own.add(id);
            for (int round = 0; round < ROUNDS; round++) {
                if (round > 0) {
                    export = exportedAgain(volumes, id);
                    assertThat(read(export)).containsOnly(number * ROUNDS + round - 1);
                }
                write(export, number * ROUNDS + round);
                perform(volumes, new VolumeRequest.Unexport(id));
            }
        }
        return own;
    }

    @Test
    void aNewEpochLocksTheOldWriterOutAndNoneIsUsedTwiceByTheNextDaemon() throws Exception {
        VolumeExport first;
        try (RunningDaemon daemon = room.start(Origin.ASKED_FOR)) {
            first = exported(daemon.volumes(), "web01-1", SIZE_BYTES);
            VolumeExport second = afterLockingOut(daemon.volumes(), first);
            assertThat(second.name().epoch()).isEqualTo(2);
            perform(daemon.volumes(), new VolumeRequest.Unexport(second.name().volume()));
            assertThat(exportedAgain(daemon.volumes(), second.name().volume())
                            .name()
                            .epoch())
                    .isEqualTo(3);
        }
        try (RunningDaemon daemon = room.start(Origin.ASKED_FOR)) {
            VolumeExport restored = daemon.volumes().exports().get(0);
            assertThat(restored.name().epoch()).as("the same one, served again").isEqualTo(3);
            assertThat(afterLockingOut(daemon.volumes(), restored).name().epoch())
                    .isEqualTo(4);
        }
    }

    /** Exports anew while somebody writes; whatever the new one shows at first, it shows for ever. */
    private static VolumeExport afterLockingOut(Volumes volumes, VolumeExport old) throws Exception {
        EndlessWriter writer = EndlessWriter.start(uri(old), 1);
        writer.awaitWrites(20);
        VolumeExport next = exportedAgain(volumes, old.name().volume());
        byte[] atTheBeginning = read(next);
        assertThat(writer.awaitFailure()).isInstanceOf(IOException.class);
        assertThat(read(next)).isEqualTo(atTheBeginning);
        return next;
    }

    private static VolumeExport exported(Volumes volumes, String name, long sizeBytes) {
        VolumeId id = perform(volumes, new VolumeRequest.Create(name, sizeBytes, Optional.of("ctx")))
                .volume();
        perform(volumes, new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false));
        return exportedAgain(volumes, id);
    }

    private static VolumeExport exportedAgain(Volumes volumes, VolumeId id) {
        return perform(volumes, new VolumeRequest.Export(id, false)).export().orElseThrow();
    }

    private static NbdUri uri(VolumeExport export) {
        return NbdUri.parse(export.uri().orElseThrow());
    }

    private static void write(VolumeExport export, int value) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(SIZE_BYTES);
        while (all.hasRemaining()) {
            all.put((byte) value);
        }
        try (NbdClient client = connect(export)) {
            client.write(0, all.flip(), 0);
            client.flush();
        }
    }

    private static byte[] read(VolumeExport export) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(SIZE_BYTES);
        try (NbdClient client = connect(export)) {
            client.read(0, all);
        }
        return all.array();
    }
}
