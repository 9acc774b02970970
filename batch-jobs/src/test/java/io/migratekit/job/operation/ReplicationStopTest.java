package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.JobException;
import io.migratekit.job.JobStatus;
import io.migratekit.job.JobsApp;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.lab.LabVm;
import java.time.Duration;
import java.util.List;
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
