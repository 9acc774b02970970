package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.ProcessIdentity;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.ledger.DaemonLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who is the daemon of a database, whichever database it is. */
abstract class LeaseContract extends VolumesFixture {
    private static final int ROUNDS = 5;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    static final long SIZE_BYTES = 1 << 20;

    private final AtomicLong nowMillis = new AtomicLong(1_000_000);

    @Test
    void ofManyThatStartAtTheSameMomentOneIsTheDaemon() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            database.sql().sql("DELETE FROM volume_daemon_lease").update();
            onlyOneGetsIt("nobody ever had it");
            database.sql().sql("UPDATE volume_daemon_lease SET held = 0").update();
            onlyOneGetsIt("the last one gave it back");
            database.sql()
                    .sql("UPDATE volume_daemon_lease SET host = 'elsewhere', heartbeat_millis = 0")
                    .update();
            onlyOneGetsIt("the last one has been silent for too long");
        }
    }

    private void onlyOneGetsIt(String where) throws Exception {
        List<Optional<Long>> epochs = AtOnce.run(4, number -> {
            try {
                return Optional.of(lease(ProcessIdentity.current()).acquire(Optional.empty()));
            } catch (VolumeException e) {
                assertThat(e.kind()).as(where).isEqualTo(Kind.BUSY);
                assertThat(e.getMessage())
                        .contains("another volume daemon works on this database: process "
                                + ProcessHandle.current().pid())
                        .contains("use that one, or end it first");
                return Optional.empty();
            }
        });
        List<Long> taken = epochs.stream().flatMap(Optional::stream).toList();
        assertThat(taken).as(where).hasSize(1);
        assertThat(lease(ProcessIdentity.current()).holder().orElseThrow().epoch())
                .as(where)
                .isEqualTo(taken.get(0));
    }

    @Test
    void aDaemonOfAnotherHostIsGoneOnlyWhenItsLeaseHasExpired() {
        database.lease(PATIENCE).release(epoch);
        DaemonLease other = lease(new ProcessIdentity("other", "elsewhere", 1, 0));
        long first = other.acquire(Optional.of("http://elsewhere:8090"));
        nowMillis.addAndGet(TIMEOUT.toMillis() - 1);
        assertThat(other.renew(first)).isTrue();
        nowMillis.addAndGet(TIMEOUT.toMillis());
        assertThatThrownBy(() -> lease(ProcessIdentity.current()).acquire(Optional.empty()))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.BUSY))
                .hasMessageContaining("process 1 on host elsewhere at http://elsewhere:8090");
        other.writes(first).run(() -> {});
        nowMillis.incrementAndGet();
        long second = lease(ProcessIdentity.current()).acquire(Optional.empty());
        assertThat(second).isEqualTo(first + 1);
        assertThat(other.renew(first)).as("it has to end").isFalse();
        assertThatThrownBy(() -> other.writes(first).run(() -> {})).hasMessageContaining("has lost its lease");
        other.release(first);
        other.publish(first, "http://elsewhere:8090");
        assertThat(lease(ProcessIdentity.current()).holder().orElseThrow().endpoint())
                .as("what it says now changes nothing")
                .isEmpty();
    }

    @Override
    Site site() {
        return new MemorySite();
    }

    /** Returns the back end itself, to do what somebody may do behind the daemon's back. */
    final MemoryBackend memory() {
        return (MemoryBackend) site.backend();
    }

    private DaemonLease lease(ProcessIdentity self) {
        return database.lease(self, nowMillis::get, TIMEOUT);
    }
}
