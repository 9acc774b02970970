package io.migratekit.volume.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.client.NbdClient;
import io.migratekit.volume.Difference;
import io.migratekit.volume.Difference.Kind;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeState;
import io.migratekit.volume.daemon.DaemonStart.Origin;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A volume whose image is away while a daemon starts, as on a file system that was not mounted, and comes back. */
@Timeout(60)
final class ReturnedVolumeTest {
    @TempDir
    Path home;

    @Test
    void isInErrorWhileItIsAwayAndIsServedAgainOnceItIsRecognised() throws Exception {
        try (DaemonRoom room = DaemonRoom.open(home, Map.of())) {
            VolumeExport export;
            Volume before;
            try (RunningDaemon daemon = room.start(Origin.ASKED_FOR)) {
                export = RunningDaemonTest.exported(daemon.volumes(), "web01-1");
                before = daemon.volumes().volumes().get(0);
                write(export);
            }
            Path folder = home.resolve("volumes").resolve(before.id().text());
            Path away = Files.move(folder, home.resolve("away"));
            try (RunningDaemon daemon = room.start(Origin.ASKED_FOR)) {
                assertThat(found(daemon, true)).containsExactly(Kind.VOLUME_MISSING, Kind.EXPORT_MISSING);
                assertThat(state(daemon, before.id())).isEqualTo(VolumeState.ERROR);
                assertThatThrownBy(() -> RunningDaemonTest.connect(export)).hasMessageContaining(export.name() + "");
                Files.move(away, folder);
                assertThat(found(daemon, false)).containsExactly(Kind.VOLUME_RETURNED, Kind.EXPORT_MISSING);
                assertThat(state(daemon, before.id())).as("only told").isEqualTo(VolumeState.ERROR);
                assertThatThrownBy(() -> RunningDaemonTest.connect(export)).hasMessageContaining(export.name() + "");
                assertThat(daemon.volumes().reconcile(true))
                        .allSatisfy(
                                difference -> assertThat(difference.repaired()).isTrue())
                        .extracting(Difference::kind)
                        .contains(Kind.VOLUME_RETURNED);
                assertThat(daemon.volumes().volume(before.id()).orElseThrow())
                        .usingRecursiveComparison()
                        .ignoringFields("generation")
                        .isEqualTo(before);
                assertThat(daemon.volumes().exports()).containsExactly(export);
                assertThat(read(export)).isEqualTo((byte) 7);
                assertThat(daemon.volumes().reconcile(false)).isEmpty();
                assertThat(daemon.volumes().health().healthy()).isTrue();
            }
        }
    }

    private static List<Kind> found(RunningDaemon daemon, boolean repair) {
        return daemon.volumes().reconcile(repair).stream().map(Difference::kind).toList();
    }

    private static VolumeState state(RunningDaemon daemon, VolumeId id) {
        return daemon.volumes().volume(id).orElseThrow().state();
    }

    private static void write(VolumeExport export) throws Exception {
        try (NbdClient client = RunningDaemonTest.connect(export)) {
            client.write(0, ByteBuffer.wrap(new byte[] {7}), 0);
            client.flush();
        }
    }

    private static byte read(VolumeExport export) throws Exception {
        ByteBuffer one = ByteBuffer.allocate(1);
        try (NbdClient client = RunningDaemonTest.connect(export)) {
            client.read(0, one);
        }
        return one.array()[0];
    }
}
