package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.JobException;
import io.migratekit.job.Mode;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.vcenter.lab.LabControl;
import io.migratekit.source.vcenter.lab.LabPages;
import io.migratekit.source.vcenter.lab.LabScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes wrong while a machine is replicated. */
@NeedsPeer({"go", "nbdkit"})
@Timeout(120)
@ExtendWith(VCenterJobs.Shared.class)
final class VCenterOutageIT {
    private static final String QUERY = "QueryChangedDiskAreas";
    /** More than a copy reads ahead of its first commit. */
    private static final int CAPACITY = (8 << 20) + 512;

    private static final Duration DOWN = Duration.ofMillis(500);

    private static VCenterJobs jobs;
    private static LabControl control;
    private static CuttingCopies copies;

    @BeforeAll
    static void start(VCenterJobs shared) throws Exception {
        jobs = shared;
        control = jobs.lab().control();
        copies = jobs.get(CuttingCopies.class);
    }

    @AfterEach
    void clear() throws Exception {
        copies.heal();
        control.clearScripts();
        Files.writeString(password(), jobs.lab().login().password());
    }

    @Test
    void aPlanGoesOnByItselfThroughARestartOfTheVCenterAndEndedSessions() throws Exception {
        VCenterGuest guest = jobs.add("planned", CAPACITY);
        jobs.replicate(guest.write(5));
        guest.machine().answer(2000, LabPages.usual().bytes(1 << 20));
        String vm = guest.machine().reference();
        control.script(LabScript.call(QUERY).of(vm).after(2).restarting(DOWN));
        control.script(LabScript.call(QUERY).of(vm).after(3).expiringSessions());

        ReplicationResult result = jobs.replicate(guest.write(3));

        assertThat(result.restarts()).isZero();
        assertThat(result.bytesCopied()).isBetween(1L, CAPACITY / 2L);
    }

    @Test
    void aCopyGoesOnByItselfThroughARestartOfTheVCenter() throws Exception {
        VCenterGuest guest = jobs.add("restarted", CAPACITY, CAPACITY);
        atFirstCommit(() -> control.restart(DOWN));

        ReplicationResult result = jobs.replicate(guest.write(20));

        assertThat(result.restarts()).isZero();
        assertThat(jobs.events(result.jobId(), "reconnected")).isNotEmpty();
    }

    @Test
    void aCopyGoesOnByItselfWhereAHostDropsItsConnections() throws Exception {
        VCenterGuest guest = jobs.add("dropped", CAPACITY);
        atFirstCommit(control::dropReaders);

        ReplicationResult result = jobs.replicate(guest.write(20));

        assertThat(jobs.events(result.jobId(), "reconnect"))
                .first()
                .asString()
                .contains("the connection to the host was lost", "Look into the host's hostd.log");
    }

    @Test
    void aPasswordThatWasChangedInMidCopyIsTriedOnceAndTold() throws Exception {
        VCenterGuest guest = jobs.add("locked out", CAPACITY);
        atFirstCommit(() -> {
            Files.writeString(password(), "changed meanwhile");
            control.dropReaders();
        });
        guest.write(20);

        assertThat(jobs.fails(guest, JobException.Failed.class))
                .hasMessageContaining("user or password is wrong")
                .hasMessageNotContaining(jobs.lab().login().password());
        clear();
        assertThat(jobs.replicate(guest).restarts()).isEqualTo(1);
    }

    @Test
    void aSnapshotThatSomebodyRemovesInMidCopyIsToldAndReplacedByARestart() throws Exception {
        VCenterGuest guest = jobs.add("without snapshot", CAPACITY);
        CompletableFuture<String> job = new CompletableFuture<>();
        atFirstCommit(() -> {
            guest.machine().removeSnapshot("migratekit-" + job.join());
            guest.write(3); // so that the live disk is another than the snapshot's
        });
        guest.write(20);
        JobHandle<ReplicationResult, ReplicationProgress> started = jobs.start(guest);
        job.complete(started.jobId());

        assertThat(jobs.ends(started, guest, JobException.NoSuch.class))
                .hasMessageContaining("VDDK finds no such snapshot or disk: the snapshot was removed");
        copies.heal();
        ReplicationResult restarted = jobs.replicate(guest);
        assertThat(restarted.jobId()).isEqualTo(started.jobId());
        assertThat(jobs.events(restarted.jobId(), "snapshot.lost")).hasSize(1);
    }

    @Test
    void anNbdkitThatIsKilledOrHangsIsReplaced() throws Exception {
        VCenterGuest guest = jobs.add("served anew", CAPACITY);
        for (String signal : List.of("KILL", "STOP")) {
            atFirstCommit(() -> signal(signal));

            ReplicationResult result = jobs.get(Replications.class)
                    .start(guest.name(), StartOptions.defaults().withMode(Mode.FULL))
                    .result();

            guest.isReplicated();
            assertThat(result.restarts()).as(signal).isZero();
            assertThat(jobs.events(result.jobId(), "reconnected")).as(signal).isNotEmpty();
            guest.write(2);
        }
    }

    /** What those who read the lab's disks have to know. */
    private static Path password() {
        return jobs.lab().images().resolve("password");
    }

    private interface Trouble {
        void make() throws IOException;
    }

    private static void atFirstCommit(Trouble trouble) {
        copies.actAt(1, () -> {
            try {
                trouble.make();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** To every nbdkit of this process. */
    private static void signal(String name) throws IOException {
        for (ProcessHandle process : ProcessHandle.current().children().toList()) {
            if (process.info().command().orElse("").endsWith("/nbdkit")) {
                try {
                    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .start()
                            .waitFor();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
