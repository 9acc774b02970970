package io.migratekit.volume.daemon;

import static io.migratekit.volume.daemon.RunningDaemonTest.connect;
import static io.migratekit.volume.daemon.RunningDaemonTest.exported;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.client.NbdClient;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.daemon.DaemonStart.Origin;
import io.migratekit.volume.export.ExportEngines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to exports when the daemon, or the process that serves for it, is killed. */
@NeedsPeer("qemu-storage-daemon")
@Timeout(120)
final class RunningDaemonIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path home;

    private DaemonRoom room;

    @BeforeEach
    void open() {
        room = DaemonRoom.openForProcesses(home, Map.of("engine", "qemu"));
    }

    @AfterEach
    void close() {
        ExportEngines.of(room.settings().volumes(), home.resolve("exports")).stop();
        room.close();
    }

    @Test
    void aClientGoesOnWhileTheDaemonIsKilledAndReplaced() throws Exception {
        Volumes volumes = room.client(
                Optional.of(() -> new DaemonLauncher.Launch(ProcessHandle.current(), home.resolve("log"))), PATIENCE);
        Process first = daemon();
        VolumeExport export = exported(volumes, "web01-1");
        try (NbdClient client = connect(export)) {
            first.destroyForcibly().waitFor();
            client.write(0, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 0);
            client.flush();
            Process second = daemon();
            try {
                assertThat(volumes.exports()).containsExactly(export);
                assertThat(volumes.health().healthy()).isTrue();
                ByteBuffer read = ByteBuffer.allocate(4);
                client.read(0, read);
                assertThat(read.array()).containsExactly(1, 2, 3, 4);
                RunningDaemonTest.perform(
                        volumes, new VolumeRequest.Unexport(export.name().volume()));
                assertThat(volumes.exports()).isEmpty();
            } finally {
                second.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void aKilledStorageDaemonIsReplacedAndItsExportsServedAgain() throws Exception {
        try (RunningDaemon daemon = room.start(Origin.ASKED_FOR)) {
            VolumeExport export = exported(daemon.volumes(), "web01-1");
            long pid = Long.parseLong(
                    Files.readString(home.resolve("exports/qemu.pid")).strip());
            ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
            process.destroyForcibly();
            process.onExit().join();
            long beganNanos = System.nanoTime();
            while (!serves(export)) {
                assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isLessThan(Duration.ofSeconds(30));
                Thread.sleep(50);
            }
            assertThat(daemon.volumes().exports()).containsExactly(export);
            assertThat(daemon.volumes().health().healthy()).isTrue();
        }
    }

    @Test
    @NeedsPeer("qemu-img")
    void newVolumesAreOfAFormatThatTheEngineServes() throws Exception {
        try (DaemonRoom embedded = DaemonRoom.open(home, Map.of("format", "auto", "engine", "embedded"));
                RunningDaemon daemon = embedded.start(Origin.ASKED_FOR)) {
            connect(exported(daemon.volumes(), "web01-1")).close();
        }
    }

    private static boolean serves(VolumeExport export) {
        try {
            connect(export).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Process daemon() throws IOException {
        return DaemonProgram.start(home);
    }
}
