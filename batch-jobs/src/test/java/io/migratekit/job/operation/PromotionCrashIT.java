package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.JobException;
import io.migratekit.job.JobStatus;
import io.migratekit.job.JobsApp;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.lab.LabVm;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Processes that die while, and right after, they make a restore point of two disks. */
@Timeout(300)
final class PromotionCrashIT {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    @Test
    void aDeathWithinPromotionPromotesNothingAndOneAfterItPromotesNothingAgain() throws Exception {
        String database = "jdbc:h2:file:" + folder.resolve("db/migratekit")
                + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;WRITE_DELAY=0;AUTO_SERVER=TRUE";
        LabFixture lab = new LabFixture(folder);
        LabVm vm;
        try (JobsApp app = app(database)) {
            vm = lab.add(app, "two", 40, 41, 4 * MIB, 2 * MIB);
            deadlyAfter(app, "INSERT", "cbt_history");
            deadlyAfter(app, "DELETE", "change_map_segments");
        }

        die(database, vm, "cbt_history", 2); // the second disk, before the commit
        String jobId;
        try (JobsApp app = app(database)) {
            jobId = job(app, vm).id();
            assertThat(rows(app, "restore_points")).isZero();
            assertThat(rows(app, "cbt_history")).isZero();
            assertThat(rows(app, "vm_disks WHERE disk_change_id IS NOT NULL")).isZero();
            assertThat(LabFixture.snapshots(app, vm)).containsExactly("migratekit-" + jobId);
        }

        die(database, vm, "change_map_segments", 1); // the first thing that is done after the commit
        try (JobsApp app = app(database)) {
            assertThat(job(app, vm).id()).isEqualTo(jobId);
            assertThat(rows(app, "restore_points")).isOne();
            assertThat(LabFixture.snapshots(app, vm)).containsExactly("migratekit-" + jobId);
            assertThat(lab.differences(vm)).isEmpty();
            vm.churn(5, 20); // later than the restore point

            ReplicationResult next = LabFixture.start(app, vm.name()).result();

            assertThat(next.jobId()).as("what is complete is not gone on with").isNotEqualTo(jobId);
            assertThat(next.bytesCopied()).isPositive();
            assertThat(lab.differences(vm)).as("it holds the later time").isEmpty();
            ReplicationJob dead = app.get(Replications.class).find(jobId);
            assertThat(dead.status()).isEqualTo(JobStatus.COMPLETED);
            assertThat(dead.error()).isEmpty();
            assertThat(dead.restarts()).isOne();
            assertThat(dead.counters().totalBytes()).isEqualTo(6 * MIB);
            assertThat(app.get(Replications.class).events(jobId, 0))
                    .extracting(JobEvent::code)
                    .contains("completed.late");
            assertThat(rows(app, "restore_points")).isEqualTo(2);
            assertThat(rows(app, "cbt_history")).isEqualTo(4);
            assertThat(rows(app, "change_map_segments")).isZero();
            assertThat(app.get(JdbcClient.class)
                            .sql("SELECT successful_jobs FROM vm_replication_contexts")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(2);
            assertThat(LabFixture.snapshots(app, vm))
                    .as("its snapshot is gone as well")
                    .isEmpty();
            assertThatThrownBy(() -> app.get(Replications.class).restart(jobId))
                    .isInstanceOf(JobException.Refused.class)
                    .hasMessageContaining("completed");
        }
    }

    private JobsApp app(String database) {
        return JobsApp.start(folder, database, Object.class);
    }

    private void die(String database, LabVm vm, String table, int row) throws Exception {
        Process child = ReplicationInChild.start(folder, database, vm.name(), table, row);
        assertThat(child.waitFor())
                .as(() -> {
                    try {
                        return Files.readString(folder.resolve("child.log"));
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .isEqualTo(ReplicationInChild.DEAD);
    }

    private static void deadlyAfter(JobsApp app, String change, String table) {
        app.get(JdbcClient.class)
                .sql("CREATE TRIGGER deadly_%s AFTER %s ON %s FOR EACH ROW CALL '%s'"
                        .formatted(table, change, table, DeathTrigger.class.getName()))
                .update();
    }

    private static ReplicationJob job(JobsApp app, LabVm vm) {
        return app.get(Replications.class).find(vm.name());
    }

    private static int rows(JobsApp app, String fromWhere) {
        return app.get(JdbcClient.class)
                .sql("SELECT COUNT(*) FROM " + fromWhere)
                .query(Integer.class)
                .single();
    }
}
