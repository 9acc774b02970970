package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.JobException;
import io.migratekit.job.JobsApp;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.lab.LabVm;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Databases that do not take a cursor of one range, while the other ranges go on. */
final class RefusedCommitTest {
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
        app.get(JdbcClient.class).sql(CommitTrigger.statement()).update();
    }

    @AfterEach
    void stop() {
        CommitTrigger.refuse(0);
        app.close();
    }

    @Test
    void aCommitThatIsRolledBackIsDoneAgain() throws Exception {
        LabVm vm = lab.add(app, "victim", 70, 61, 8 * MIB);
        copies.actAt(2, () -> CommitTrigger.refuse(2));

        ReplicationResult result = LabFixture.start(app, vm.name()).result();

        assertThat(CommitTrigger.left()).as("refusals left").isZero();
        assertThat(result.status()).isEqualTo("completed");
        assertThat(result.restarts()).isZero();
        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void aCommitThatFailsForGoodEndsTheJobAndSaysWhy() throws Exception {
        LabVm vm = lab.add(app, "refused", 70, 62, 16 * MIB);
        copies.actAt(2, () -> CommitTrigger.refuse(Integer.MAX_VALUE));
        JobHandle<ReplicationResult, ReplicationProgress> run = LabFixture.start(app, vm.name());

        assertThatThrownBy(run::result)
                .isInstanceOf(JobException.Failed.class)
                .hasMessageContaining("victim of a deadlock")
                .hasMessageContaining("restart the job");

        CommitTrigger.refuse(0);
        copies.heal();
        assertThat(app.get(Replications.class).events(run.jobId(), 0))
                .filteredOn(event -> event.code().equals("range.failed"))
                .isNotEmpty()
                .allSatisfy(event -> {
                    assertThat(event.level()).isEqualTo(JobEvent.Level.ERROR);
                    assertThat(event.message()).contains("-range-").contains("victim of a deadlock");
                });
        assertThat(LabFixture.start(app, vm.name()).result().status()).isEqualTo("completed");
        assertThat(lab.differences(vm)).isEmpty();
    }
}
