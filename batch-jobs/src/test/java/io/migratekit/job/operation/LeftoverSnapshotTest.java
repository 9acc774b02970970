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
            lab.lab().setFaults(LabFaults.none().with(LabFault.STUCK_SNAPSHOT, 2));
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

            ReplicationResult whileItStays = LabFixture.start(app, vm.name()).result();

            assertThat(whileItStays.status()).isEqualTo("completed");
            assertThat(app.get(Replications.class).events(whileItStays.jobId(), 0))
                    .filteredOn(event -> event.code().equals("snapshot.leftover"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.message()).contains(leftover, "the machine is busy"));
            assertThat(lab.differences(vm)).isEmpty();
            assertThat(LabFixture.snapshots(app, vm)).containsExactly(leftover);
            vm.churn(4, 5);

            ReplicationResult next = LabFixture.start(app, vm.name()).result();

            assertThat(next.jobId()).isNotEqualTo(first.jobId());
            assertThat(app.get(Replications.class).events(next.jobId(), 0))
                    .extracting(JobEvent::code)
                    .contains("snapshot.leftover.removed", "snapshot.removed");
            assertThat(LabFixture.snapshots(app, vm)).isEmpty();
            assertThat(lab.differences(vm)).isEmpty();
        }
    }
}
