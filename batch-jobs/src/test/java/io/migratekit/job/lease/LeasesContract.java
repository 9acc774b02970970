package io.migratekit.job.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.ProcessIdentity;
import io.migratekit.job.JobException;
import io.migratekit.job.LedgerDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What leases do on every database. */
abstract class LeasesContract {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final AtomicLong clockMillis = new AtomicLong(1_000_000);
    private final ProcessIdentity here = ProcessIdentity.current();
    private LedgerDatabase database = LedgerDatabase.h2();

    abstract LedgerDatabase open() throws Exception;

    @BeforeEach
    void migrate() throws Exception {
        database = open();
    }

    @Test
    void oneOwnerHasItAndTheOtherIsToldWho() {
        leases(here).acquire("vm", "job-1");

        assertThatThrownBy(() -> leases(elsewhere()).acquire("vm", "job-2"))
                .isInstanceOfSatisfying(JobException.Busy.class, busy -> {
                    assertThat(busy.jobId()).isEqualTo("job-1");
                    assertThat(busy.pid()).isEqualTo(here.pid());
                    assertThat(busy.host()).isEqualTo(here.host());
                });
        assertThat(leases(elsewhere()).acquire("another vm", "job-3").epoch()).isOne();
    }

    @Test
    void theEpochOnlyGrows() {
        Leases leases = leases(here);
        Lease first = leases.acquire("vm", "job-1");
        leases.release(first);
        Lease second = leases.acquire("vm", "job-2");

        assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
        assertThat(leases.renew(first)).isFalse();
        assertThat(leases.renew(second)).isTrue();
        leases.release(first); // late, and without effect
        assertThat(leases.renew(second)).isTrue();
    }

    @Test
    void aSilentOwnerOfAnotherHostLosesItAfterTheTimeout() {
        Lease old = leases(elsewhere()).acquire("vm", "job-1");
        clockMillis.addAndGet(TIMEOUT.toMillis() - 1000);
        assertThatThrownBy(() -> leases(here).acquire("vm", "job-2")).isInstanceOf(JobException.Busy.class);
        leases(elsewhere()).renew(old);
        clockMillis.addAndGet(TIMEOUT.toMillis() - 1000);
        assertThatThrownBy(() -> leases(here).acquire("vm", "job-2")).isInstanceOf(JobException.Busy.class);
        clockMillis.addAndGet(2000);

        Lease taken = leases(here).acquire("vm", "job-2");

        assertThat(taken.epoch()).isEqualTo(old.epoch() + 1);
        assertThat(leases(elsewhere()).renew(old)).isFalse();
    }

    @Test
    void aDeadOwnerOfThisHostLosesItAtOnce() throws Exception {
        Process process = new ProcessBuilder("sleep", "0").start();
        process.waitFor();
        ProcessIdentity dead = new ProcessIdentity(beside("dead"), here.host(), process.pid(), here.startMillis());
        leases(dead).acquire("vm", "job-1");

        assertThat(leases(here).holder("vm"))
                .hasValueSatisfying(holder -> assertThat(holder.dead()).isTrue());
        assertThat(leases(here).acquire("vm", "job-2").epoch()).isEqualTo(2);
    }

    @Test
    void aProcessIdThatIsUsedAgainIsAnotherProcess() {
        ProcessIdentity before =
                new ProcessIdentity(beside("before"), here.host(), here.pid(), here.startMillis() - 60_000);
        leases(before).acquire("vm", "job-1");

        assertThat(leases(here).acquire("vm", "job-2").epoch()).isEqualTo(2);
    }

    @Test
    void anotherHostOrContainerOfTheSameNameIsKnownByItsSilenceAlone() throws Exception {
        Process process = new ProcessBuilder("sleep", "0").start();
        process.waitFor();
        for (String owner : List.of("0123456789abcdef/alive", "without a room")) {
            ProcessIdentity namesake = new ProcessIdentity(owner, here.host(), process.pid(), here.startMillis());
            leases(namesake).acquire(owner, "job-1");

            assertThatThrownBy(() -> leases(here).acquire(owner, "job-2")).isInstanceOf(JobException.Busy.class);
        }
    }

    @Test
    void aStaleEpochWritesNothing() {
        Leases leases = leases(here);
        Lease old = leases.acquire("vm", "job-1");
        FencedWrites fenced = database.fenced();
        fenced.run(old, () -> insertContext("before"));
        leases.release(old);
        Lease now = leases.acquire("vm", "job-2");

        assertThatThrownBy(() -> fenced.run(old, () -> insertContext("after")))
                .isInstanceOf(JobException.Failed.class)
                .hasMessageContaining("lost its machine");

        fenced.run(now, () -> insertContext("now"));
        assertThat(database.sql()
                        .sql("SELECT context_id FROM vm_replication_contexts ORDER BY context_id")
                        .query(String.class)
                        .list())
                .containsExactly("before", "now");
    }

    @Test
    void ofManyAtOnceExactlyOneWins() throws Exception {
        int contenders = 8;
        for (int round = 0; round < 5; round++) {
            String machine = "vm " + round;
            CountDownLatch go = new CountDownLatch(1);
            ExecutorService threads = Executors.newFixedThreadPool(contenders);
            List<Future<Boolean>> outcomes = new ArrayList<>();
            for (int i = 0; i < contenders; i++) {
                String job = "job-" + i;
                outcomes.add(threads.submit(() -> {
                    go.await();
                    try {
                        leases(here).acquire(machine, job);
                        return true;
                    } catch (JobException.Busy e) {
                        return false;
                    }
                }));
            }
            go.countDown();
            int winners = 0;
            for (Future<Boolean> outcome : outcomes) {
                winners += outcome.get() ? 1 : 0;
            }
            threads.shutdown();
            assertThat(winners).isOne();
        }
    }

    @Test
    void aHeartbeatNoticesThatItsLeaseIsGone() throws Exception {
        Leases leases = leases(here);
        Lease lease = leases.acquire("vm", "job-1");
        CountDownLatch lost = new CountDownLatch(1);
        CountDownLatch beats = new CountDownLatch(2);
        try (Heartbeat heartbeat = Heartbeat.start(
                leases, lease, Duration.ofMillis(20), TIMEOUT, lost::countDown, List.of(beats::countDown))) {
            assertThat(beats.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(heartbeat.lost()).isFalse();
            clockMillis.addAndGet(TIMEOUT.toMillis() * 2);
            leases.release(lease);
            leases(elsewhere()).acquire("vm", "job-2");

            assertThat(lost.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(heartbeat.lost()).isTrue();
        }
    }

    private void insertContext(String id) {
        database.sql()
                .sql("INSERT INTO vm_replication_contexts (context_id, vm_name, created_at, updated_at)"
                        + " VALUES (?, ?, '2026-11-01 00:00:00', '2026-11-01 00:00:00')")
                .params(id, id)
                .update();
    }

    private Leases leases(ProcessIdentity owner) {
        return new Leases(database.sql(), clockMillis::get, owner, TIMEOUT);
    }

    /** Returns the owner id of another process that this one can see. */
    private String beside(String name) {
        return here.room().orElseThrow() + "/" + name;
    }

    private ProcessIdentity elsewhere() {
        return new ProcessIdentity("elsewhere", "another-host", 4711, 1);
    }
}
