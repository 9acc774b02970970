package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.JobException;
import io.migratekit.job.JobStatus;
import io.migratekit.job.JobsApp;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.lab.LabFault;
import io.migratekit.source.lab.LabFaults;
import io.migratekit.source.lab.LabVm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copy that is whole while its source keeps the snapshot. */
final class LeftoverSnapshotTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void aSnapshotThatStaysLeavesTheCopyPromotedAndGoesWithTheNextReplication() throws Exception {
        try (JobsApp app = JobsApp.start(folder, JobsApp.memoryDatabase(), Object.class)) {
            LabFixture lab = new LabFixture(folder);
            LabVm vm = lab.add(app, "stuck", 30, 12, 8 * MIB);
            lab.lab().setFaults(LabFaults.none().with(LabFault.STUCK_SNAPSHOT, 1));
            JobHandle<ReplicationResult, ReplicationProgress> first = LabFixture.start(app, vm.name());
            String leftover = "migratekit-" + first.jobId();

            assertThatThrownBy(first::result)
                    .isInstanceOf(JobException.PartlyDone.class)
                    .hasMessageContaining("the copy is complete and promoted, but snapshot " + leftover)
                    .hasMessageContaining("the machine is busy")
                    .hasMessageContaining("The next replication tries again");

            assertThat(lab.differences(vm)).isEmpty();
            assertThat(app.get(Replications.class).find(first.jobId()).status()).isEqualTo(JobStatus.COMPLETED);
            MachineCatalog catalog = app.get(MachineCatalog.class);
            assertThat(catalog.restorePoints(catalog.show(vm.name()))).hasSize(1);
            assertThat(LabFixture.snapshots(app, vm)).containsExactly(leftover);
            vm.churn(4, 3);

            ReplicationResult next = LabFixture.start(app, vm.name()).result();

            assertThat(next.jobId()).isNotEqualTo(first.jobId());
            assertThat(app.get(Replications.class).events(next.jobId(), 0))
                    .extracting(JobEvent::code)
                    .contains("snapshot.leftover.removed", "snapshot.removed");
            assertThat(LabFixture.snapshots(app, vm)).isEmpty();
            assertThat(lab.differences(vm)).isEmpty();
        }
    }

    @Test
    void snapshotsThatStayAreToldAndDoNotStopReplicationsUntilThereAreThree() throws Exception {
        try (JobsApp app = JobsApp.start(folder, JobsApp.memoryDatabase(), Object.class)) {
            LabFixture lab = new LabFixture(folder);
            LabVm vm = lab.add(app, "held", 30, 13, 8 * MIB);
            lab.lab().setFaults(LabFaults.none().with(LabFault.STUCK_SNAPSHOT, LabFaults.ALWAYS));
            for (int left = 1; left <= 3; left++) {
                vm.churn(left, 3);
                JobHandle<ReplicationResult, ReplicationProgress> run = LabFixture.start(app, vm.name());
                assertThatThrownBy(run::result).isInstanceOf(JobException.PartlyDone.class);
                assertThat(lab.differences(vm)).isEmpty();
                assertThat(LabFixture.snapshots(app, vm)).hasSize(left);
                assertThat(app.get(Replications.class).events(run.jobId(), 0).stream()
                                .filter(event -> event.code().equals("snapshot.leftover")))
                        .as("each earlier one, and its own")
                        .hasSize(left)
                        .allMatch(event -> event.level() == JobEvent.Level.WARN);
            }

            assertThatThrownBy(() -> LabFixture.start(app, vm.name()).result())
                    .isInstanceOf(JobException.Failed.class)
                    .hasMessageContaining("3 snapshots of earlier jobs that cannot be removed")
                    .hasMessageContaining("the machine is busy");
            assertThat(LabFixture.snapshots(app, vm)).as("no more is added").hasSize(3);

            lab.lab().setFaults(LabFaults.none());
            assertThat(LabFixture.start(app, vm.name()).result().status()).isEqualTo("completed");
            assertThat(LabFixture.snapshots(app, vm)).isEmpty();
            assertThat(lab.differences(vm)).isEmpty();
        }
    }
}
