package io.migratekit.volume.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.ProcessIdentity;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.daemon.DaemonStart.Origin;
import io.migratekit.volume.operation.AtOnce;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which of several whole daemons serves a database, whichever database it is. */
@Timeout(60)
abstract class DaemonStartContract {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path home;

    private DaemonRoom room;

    /** Opens a room with an empty database. */
    abstract DaemonRoom room(Path home) throws Exception;

    @BeforeEach
    final void openRoom() throws Exception {
        room = room(home);
    }

    @AfterEach
    final void closeRoom() {
        room.close();
    }

    @Test
    void ofTwoThatStartAtTheSameMomentOneServes() throws Exception {
        for (int round = 0; round < 3; round++) {
            List<RunningDaemon> started = AtOnce.run(2, number -> {
                        try {
                            return Optional.of(room.start(Origin.ASKED_FOR));
                        } catch (VolumeException e) {
                            assertThat(e.kind()).isEqualTo(Kind.BUSY);
                            assertThat(e).hasMessageContaining("another volume daemon works on this database");
                            return Optional.<RunningDaemon>empty();
                        }
                    })
                    .stream()
                    .flatMap(Optional::stream)
                    .toList();
            assertThat(started).hasSize(1);
            try (RunningDaemon daemon = started.get(0)) {
                assertThat(room.client(PATIENCE).health().healthy()).isTrue();
                assertThat(daemon.end()).isNotDone();
            }
        }
    }

    @Test
    void aDaemonOfAnotherHostIsReplacedOnlyWhenItHasBeenSilentForTooLong() {
        Duration timeout = room.settings().volumes().timeout();
        room.database(new ProcessIdentity("other", "elsewhere", 1, 0))
                .lease(timeout)
                .acquire(Optional.of("http://elsewhere:8090"));
        assertThatThrownBy(() -> room.start(Origin.ASKED_FOR))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY))
                .hasMessageContaining("process 1 on host elsewhere at http://elsewhere:8090")
                .hasMessageContaining("use that one, or end it first");
        room.sql()
                .sql("UPDATE volume_daemon_lease SET heartbeat_millis = heartbeat_millis - ?")
                .param(timeout.toMillis())
                .update();
        try (RunningDaemon daemon = room.start(Origin.ASKED_FOR)) {
            assertThat(room.client(PATIENCE).health().healthy()).isTrue();
            assertThat(daemon.end()).isNotDone();
        }
    }
}
