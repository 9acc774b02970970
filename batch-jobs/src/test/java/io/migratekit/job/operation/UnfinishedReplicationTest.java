package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.JobException;
import io.migratekit.job.JobStatus;
import io.migratekit.job.JobsApp;
import io.migratekit.job.Mode;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.RestorePoint;
import io.migratekit.job.replication.ReplicationEngine;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.job.verification.VerificationResult;
import io.migratekit.source.lab.LabFault;
import io.migratekit.source.lab.LabFaults;
import io.migratekit.source.lab.LabVm;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is said of a machine whose last replication did not come to its end. */
final class UnfinishedReplicationTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private JobsApp app;
    private LabFixture lab;
    private CuttingCopies copies;

    @BeforeEach
    void start() throws Exception {
        app = CuttingCopies.app(folder, JobsApp.memoryDatabase());
        copies = app.get(CuttingCopies.class);
        lab = new LabFixture(folder);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void targetsThatAGivenUpJobHasWrittenToAreNotVerified() throws Exception {
        LabVm vm = lab.add(app, "between", 60, 51, 8 * MIB);
        LabFixture.start(app, vm.name()).result();
        vm.churn(1, 40);
        copies.cutAt(1);
        JobHandle<ReplicationResult, ReplicationProgress> wrote = LabFixture.start(app, vm.name());
        assertThatThrownBy(wrote::result).isInstanceOf(JobException.Failed.class);
        copies.heal();
        lab.lab().setFaults(LabFaults.none().with(LabFault.ZERO_LENGTH_PAGE, LabFaults.ALWAYS));
        assertThatThrownBy(() -> app.get(Replications.class)
                        .start(vm.name(), StartOptions.defaults().withMode(Mode.INCREMENTAL))
                        .result())
                .as("one that takes its place, and never writes")
                .isInstanceOf(JobException.class);
        lab.lab().setFaults(LabFaults.none());
        assertThat(app.get(Replications.class).find(wrote.jobId()).status()).isEqualTo(JobStatus.SUPERSEDED);

        assertThatThrownBy(() -> verify(vm))
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining(wrote.jobId())
                .hasMessageContaining("given up after it had begun to write")
                .hasMessageContaining("replicate start between");

        LabFixture.start(app, vm.name()).result();
        assertThat(verify(vm).identical()).isTrue();
    }

    @Test
    void aMachineIsReadyUntilSomethingIsWrittenToItsTargets() throws Exception {
        LabVm vm = lab.add(app, "judged", 60, 53, 8 * MIB);
        stoppedAtFirstChunk(vm);
        assertThat(status(vm)).isEqualTo(Machine.INTERRUPTED);
        LabFixture.start(app, vm.name()).result();
        assertThat(status(vm)).isEqualTo(Machine.READY);
        vm.churn(3, 90);

        lab.lab().setFaults(LabFaults.none().with(LabFault.ZERO_LENGTH_PAGE, LabFaults.ALWAYS));
        assertThatThrownBy(() -> LabFixture.start(app, vm.name()).result()).isInstanceOf(JobException.class);
        lab.lab().setFaults(LabFaults.none());
        assertThat(status(vm)).as("nothing was written").isEqualTo(Machine.READY);

        copies.cutAt(1);
        assertThatThrownBy(() -> LabFixture.start(app, vm.name()).result()).isInstanceOf(JobException.class);
        copies.heal();
        assertThat(status(vm)).isEqualTo(Machine.FAILED);

        stoppedAtFirstChunk(vm);
        assertThat(status(vm)).isEqualTo(Machine.INTERRUPTED);
        assertThat(LabFixture.start(app, vm.name()).result().status()).isEqualTo("completed");
        assertThat(status(vm)).isEqualTo(Machine.READY);
    }

    private void stoppedAtFirstChunk(LabVm vm) throws InterruptedException {
        ReplicationEngine engine = app.get(ReplicationEngine.class);
        copies.actAt(1, () -> engine.running().forEach(job -> engine.requestStop(job, "the test")));
        assertThat(LabFixture.start(app, vm.name()).result().status()).isEqualTo("stopped");
        copies.heal();
    }

    private String status(LabVm vm) {
        return app.get(MachineCatalog.class).show(vm.name()).status();
    }

    @Test
    void aFailedJobNamesTheSnapshotThatItLeavesUntilItIsGone() throws Exception {
        LabVm vm = lab.add(app, "left", 60, 56, 4 * MIB);
        copies.cutAt(1);
        JobHandle<ReplicationResult, ReplicationProgress> cut = LabFixture.start(app, vm.name());
        assertThatThrownBy(cut::result).isInstanceOf(JobException.class);
        copies.heal();

        assertThat(app.get(Replications.class).find(cut.jobId()).snapshotLeft()).contains("migratekit-" + cut.jobId());
        assertThat(LabFixture.snapshots(app, vm)).containsExactly("migratekit-" + cut.jobId());
        LabFixture.start(app, vm.name()).result();
        assertThat(app.get(Replications.class).find(cut.jobId()).snapshotLeft()).isEmpty();
    }

    @Test
    void aDamagedMapIsMadeAnew() throws Exception {
        LabVm vm = lab.add(app, "damaged", 60, 55, 4 * MIB);
        copies.cutAt(2);
        JobHandle<ReplicationResult, ReplicationProgress> cut = LabFixture.start(app, vm.name());
        assertThatThrownBy(cut::result).isInstanceOf(JobException.class);
        copies.heal();
        assertThat(app.get(JdbcClient.class)
                        .sql("UPDATE change_map_segments SET blocks = X'00112233'")
                        .update())
                .isPositive();

        ReplicationResult result = LabFixture.start(app, vm.name()).result();

        assertThat(result.jobId()).isEqualTo(cut.jobId());
        assertThat(app.get(Replications.class).events(result.jobId(), 0))
                .extracting(JobEvent::code)
                .contains("map.lost");
        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void aRestorePointIsOfTheMomentOfItsSnapshotHoweverLateItIsMade() throws Exception {
        LabVm vm = lab.add(app, "late", 60, 54, 4 * MIB);
        copies.cutAt(1);
        assertThatThrownBy(() -> LabFixture.start(app, vm.name()).result()).isInstanceOf(JobException.class);
        copies.heal();
        Instant cut = Instant.now();
        vm.churn(4, 20);
        app.get(JdbcClient.class)
                .sql("UPDATE replication_jobs SET created_at = created_at - INTERVAL '2' DAY")
                .update();

        ReplicationResult late = LabFixture.start(app, vm.name()).result(); // goes on with its snapshot

        assertThat(app.get(Replications.class).events(late.jobId(), 0))
                .filteredOn(event -> event.code().equals("snapshot.old"))
                .singleElement()
                .satisfies(event -> assertThat(event.message()).contains("48 hours old"));
        assertThat(point(vm).moment().orElseThrow()).isBefore(cut);
        assertThat(point(vm).createdAt()).isAfter(cut);
        LabFixture.start(app, vm.name()).result();
        assertThat(point(vm).moment().orElseThrow()).isAfter(cut);
    }

    private RestorePoint point(LabVm vm) {
        MachineCatalog catalog = app.get(MachineCatalog.class);
        return catalog.restorePoints(catalog.show(vm.name())).get(0);
    }

    @Test
    void nothingIsIdenticalThatWasNotCompared() throws Exception {
        LabVm vm = lab.add(app, "busy", 60, 52, 64 << 10); // a block of its change tracking
        LabFixture.start(app, vm.name()).result();
        vm.churn(2, 100);

        VerificationResult result = verify(vm);

        assertThat(result.status()).isEqualTo("completed");
        assertThat(result.bytesCompared()).isZero();
        assertThat(result.identical()).isFalse();
    }

    private VerificationResult verify(LabVm vm) throws InterruptedException {
        return app.get(Verifications.class).start(vm.name(), 100, 42).result();
    }
}
