package io.migratekit.volume.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.daemon.DaemonStart.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pool whose file system is not mounted, or that is another machine's, is not taken for an empty one. */
final class LocalPoolTest {
    @TempDir
    Path home;

    @Test
    void startsOnlyWhereTheVolumesOfTheDatabaseAre() throws IOException {
        Path pool = home.resolve("volumes");
        Path away = home.resolve("away");
        try (DaemonRoom room = DaemonRoom.open(home, Map.of())) {
            VolumeId id = create(room);
            Files.move(pool, away);
            Files.createDirectory(pool); // a mount point that is left
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> room.start(Origin.ASKED_FOR))
                        .isInstanceOfSatisfying(
                                VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                        .hasMessageContaining(pool + " is not the pool that the 1 local volumes")
                        .hasMessageContaining(
                                Files.readString(away.resolve(".pool")).strip());
            }
            delete(pool);
            Files.move(away, pool);
            try (RunningDaemon daemon = room.start(Origin.ASKED_FOR)) {
                assertThat(daemon.volumes().reconcile(false)).isEmpty();
                RunningDaemonTest.perform(daemon.volumes(), new VolumeRequest.Delete(id));
            }
            Files.move(pool, away);
            try (RunningDaemon daemon = room.start(Origin.ASKED_FOR)) {
                assertThat(daemon.volumes().volumes())
                        .as("nothing could be lost")
                        .isEmpty();
            }
        }
    }

    @Test
    void takesAPoolOfAnOlderVersionOverThatHasItsVolumes() throws IOException {
        try (DaemonRoom room = DaemonRoom.open(home, Map.of())) {
            VolumeId id = create(room);
            Path marker = home.resolve("volumes/.pool");
            String before = Files.readString(marker);
            Files.delete(marker);
            room.sql().sql("DELETE FROM volume_pools").update();
            try (RunningDaemon daemon = room.start(Origin.ASKED_FOR)) {
                assertThat(daemon.volumes().volumes()).extracting(Volume::id).containsExactly(id);
            }
            assertThat(Files.readString(marker)).isNotEqualTo(before);
        }
    }

    private static VolumeId create(DaemonRoom room) {
        try (RunningDaemon daemon = room.start(Origin.ASKED_FOR)) {
            return RunningDaemonTest.perform(daemon.volumes(), new VolumeRequest.Create("a", 1 << 20, Optional.empty()))
                    .volume();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            for (Path entry : entries.toList()) {
                Files.delete(entry);
            }
        }
        Files.delete(folder);
    }
}
