package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.job.JobException;
import io.migratekit.job.JobIds;
import io.migratekit.job.JobStatus;
import io.migratekit.job.JobsApp;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.lease.Leases;
import io.migratekit.job.ledger.Machines;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.ReplicationJobs;
import io.migratekit.job.replication.ReplicationEngine;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.lab.LabVm;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Jobs that others stop, take over, wait for or look at while they run. */
final class ReplicationStopTest extends CuttingFixture {

    @Test
    void anotherProcessCanStopItAndTheRestartGoesOn() throws Exception {
        LabVm vm = lab.add(app, "stopped", 60, 15, 16 * MIB);
        copies.actAt(2, () -> pause(1500)); // long enough for a heartbeat to see the request
        JobHandle<ReplicationResult, ReplicationProgress> handle = LabFixture.start(app, vm.name());
        try (JobsApp other = CuttingCopies.app(folder, database)) {
            copies.awaitChunk(1);
            assertThat(other.get(Replications.class).stop(handle.jobId())).isTrue();
            ReplicationResult stopped = handle.result();
            assertThat(stopped.status()).isEqualTo("stopped");
            assertThat(stopped.bytesCopied()).isLessThan(16 * MIB);
            long doneBytes = stopped.bytesCopied() + stopped.bytesZeroed() + stopped.bytesSkipped();
            assertThat(text(handle.jobId(), "stop.requested"))
                    .contains(
                            "somebody asked it to stop",
                            "process " + ProcessHandle.current().pid());
            assertThat(text(handle.jobId(), "stopped"))
                    .startsWith("%d of %d bytes are done".formatted(doneBytes, 16 * MIB))
                    .contains("replicate restart " + handle.jobId());

            ReplicationResult result =
                    other.get(Replications.class).restart(handle.jobId()).result();

            assertThat(result.status()).isEqualTo("completed");
            assertThat(lab.differences(vm)).isEmpty();
        }
    }

    @Test
    void ofTwoStartsAtOnceOneIsTold() throws Exception {
        LabVm vm = lab.add(app, "twice", 60, 16, 8 * MIB);
        copies.actAt(1, () -> pause(1000));
        JobHandle<ReplicationResult, ReplicationProgress> handle = LabFixture.start(app, vm.name());
        try (JobsApp other = CuttingCopies.app(folder, database)) {
            assertThatThrownBy(() -> LabFixture.start(other, vm.name()))
                    .isInstanceOfSatisfying(JobException.Busy.class, busy -> {
                        assertThat(busy.jobId()).isEqualTo(handle.jobId());
                        assertThat(busy.pid()).isEqualTo(ProcessHandle.current().pid());
                    })
                    .hasMessageContaining("VM 'twice' is busy");
            assertThat(other.get(Replications.class).recover()).isEmpty();
        }
        assertThat(handle.result().status()).isEqualTo("completed");
    }

    @Test
    void whoeverLosesTheMachineFailsAndPromotesNothing() throws Exception {
        LabVm vm = lab.add(app, "zombie", 60, 19, 8 * MIB);
        String contextId = app.get(MachineCatalog.class).show(vm.name()).contextId();
        copies.actAt(2, () -> takeOver(contextId));

        assertThatThrownBy(() -> LabFixture.start(app, vm.name()).result())
                .isInstanceOf(JobException.Failed.class)
                .hasMessageContaining("lost");

        assertThat(app.get(MachineCatalog.class)
                        .restorePoints(app.get(MachineCatalog.class).show(vm.name())))
                .isEmpty();
    }

    @Test
    void closingTheProgramStopsItAtACommit() throws Exception {
        LabVm vm = lab.add(app, "closing", 60, 17, 16 * MIB);
        copies.actAt(2, () -> pause(300));
        JobHandle<ReplicationResult, ReplicationProgress> handle = LabFixture.start(app, vm.name());
        copies.awaitChunk(1);

        app.close();

        assertThat(handle.awaitEnd(Duration.ZERO)).isTrue();
        assertThat(handle.result().status()).isEqualTo("stopped");
        app = CuttingCopies.app(folder, database);
        assertThat(text(handle.jobId(), "stop.requested")).contains("its process is ending");
        assertThat(LabFixture.start(app, vm.name()).result().restarts()).isOne();
        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void aStopBehindThePromotionIsACompleteCopyAndTheNextStartCopiesWhatIsNew() throws Exception {
        LabVm vm = lab.add(app, "promoted", 60, 20, 8 * MIB);
        app.get(JdbcClient.class).sql(PromotionTrigger.statement()).update();
        ReplicationEngine engine = app.get(ReplicationEngine.class);
        PromotionTrigger.set(() -> engine.running().forEach(job -> engine.requestStop(job, "the test")));
        JobHandle<ReplicationResult, ReplicationProgress> first = LabFixture.start(app, vm.name());

        assertThatThrownBy(first::result)
                .isInstanceOf(JobException.PartlyDone.class)
                .hasMessageContaining("complete and promoted")
                .hasMessageContaining("The next replication of VM 'promoted' removes the snapshot");

        PromotionTrigger.set(() -> {});
        assertThat(app.get(Replications.class).find(first.jobId()).status()).isEqualTo(JobStatus.COMPLETED);
        vm.churn(3, 9);
        ReplicationResult next = LabFixture.start(app, vm.name()).result();
        assertThat(next.jobId()).isNotEqualTo(first.jobId());
        assertThat(lab.differences(vm)).isEmpty();
        assertThat(LabFixture.snapshots(app, vm)).isEmpty();
    }

    @Test
    void aJobThatIsOnlyBeginningIsStoppedWithTheProgram() throws Exception {
        LabVm vm = lab.add(app, "late", 60, 22, 4 * MIB);
        app.get(ReplicationEngine.class).endAll("its process is ending");

        assertThat(LabFixture.start(app, vm.name()).result().status()).isEqualTo("stopped");
    }

    @Test
    void aDeadJobWhoseMachineAnotherOneHasIsNotCalledRecovered() throws Exception {
        LabVm vm = lab.add(app, "taken", 60, 23, 4 * MIB);
        String dead = LabFixture.start(app, vm.name()).result().jobId();
        app.get(JdbcClient.class)
                .sql("UPDATE replication_jobs SET status = 'replicating'")
                .update();
        String contextId = app.get(MachineCatalog.class).show(vm.name()).contextId();
        app.get(Leases.class).acquire(contextId, "job-of-another");

        assertThatThrownBy(() -> app.get(Replications.class).stop(dead))
                .isInstanceOf(JobException.Busy.class)
                .hasMessageContaining("job-of-another works on its machine now")
                .hasMessageContaining("job recover");
    }

    @Test
    void aRunningCopyShowsHowFarItIsToOthers() throws Exception {
        LabVm vm = lab.add(app, "shown", 80, 18, 16 * MIB);
        copies.actAt(4, () -> pause(1200));
        JobHandle<ReplicationResult, ReplicationProgress> handle = LabFixture.start(app, vm.name());
        copies.awaitChunk(3);
        pause(600);

        ReplicationJob seen = app.get(Replications.class).find(handle.jobId());

        assertThat(seen.status()).isEqualTo(JobStatus.REPLICATING);
        assertThat(seen.counters().totalBytes()).isEqualTo(16 * MIB);
        assertThat(handle.progress()).isPresent();
        assertThat(handle.result().status()).isEqualTo("completed");
    }

    @Test
    void aCopyThatBeganWhileTheSameOneEndedHoldsItsTargetWhileItWrites() throws Exception {
        Path source = Images.random(folder.resolve("source.raw"), 4 * MIB, 2 * MIB, 21);
        String target = folder.resolve("target.raw").toString();
        OneOffCopies first = app.get(OneOffCopies.class);
        assertThat(first.start(source.toString(), target, StartOptions.defaults())
                        .result()
                        .status())
                .isEqualTo("completed");
        JdbcClient sql = app.get(JdbcClient.class);
        sql.sql("UPDATE vm_disks SET target_ref = ?").param(target).update(); // as while the first one was at work
        // A job id is made after the machine was read and before its lease is taken: there the first one ends.
        JobIds late = new JobIds(
                new Clock() {
                    @Override
                    public Instant instant() {
                        sql.sql("UPDATE vm_disks SET target_ref = NULL").update();
                        return Instant.now();
                    }

                    @Override
                    public ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(ZoneId zone) {
                        return this;
                    }
                },
                new Random(21));
        Replications replications = new Replications(
                app.get(Machines.class),
                app.get(ReplicationJobs.class),
                app.get(ReplicationDisks.class),
                app.get(JobLog.class),
                app.get(Leases.class),
                late,
                app.get(ReplicationEngine.class),
                app.get(Workers.class),
                app.get(MigrateKitSettings.class));
        List<String> held = new CopyOnWriteArrayList<>();
        copies.actAt(
                1,
                () -> held.addAll(sql.sql("SELECT target_ref FROM vm_disks WHERE target_ref IS NOT NULL")
                        .query(String.class)
                        .list()));

        ReplicationResult again = new OneOffCopies(app.get(Machines.class), app.get(FinishedCopies.class), replications)
                .start(source.toString(), target, StartOptions.defaults())
                .result();

        assertThat(again.status()).isEqualTo("completed");
        assertThat(held)
                .as("the target in the database, while it is written to")
                .containsExactly(target);
    }

    /** As another process would that thinks this one dead; waits until the heartbeat has seen it. */
    private void takeOver(String contextId) {
        app.get(JdbcClient.class)
                .sql("UPDATE vm_leases SET epoch = epoch + 1 WHERE vm_context_id = ?")
                .param(contextId)
                .update();
        pause(800);
    }

    /** Returns what the one event of a job with that code says. */
    private String text(String jobId, String code) {
        List<JobEvent> events = app.get(Replications.class).events(jobId, 0).stream()
                .filter(event -> event.code().equals(code))
                .toList();
        assertThat(events).as(code).hasSize(1);
        return events.get(0).message();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
