package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.job.JobsApp;
import io.migratekit.job.Mode;
import io.migratekit.job.TargetRef;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.retention.Retention;
import io.migratekit.source.lab.LabVm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class H2RetentionTest extends RetentionContract {
    private static final String OLD = "2020-01-01 00:00:00";

    @Override
    String database() {
        return JobsApp.memoryDatabase();
    }

    @Override
    String user() {
        return "sa";
    }

    @Test
    void anUnfinishedJobIsGoneOnWithHoweverOldItIs() throws Exception {
        try (JobsApp app = start()) {
            LabFixture lab = new LabFixture(folder);
            LabVm vm = lab.add(app, "abandoned", 30, 22, 8 * MIB);
            LabFixture.start(app, vm.name()).result();
            vm.churn(5, 40);
            failAt(app, vm, 1, Mode.AUTO);
            ReplicationJob job = app.get(Replications.class).find(vm.name());
            age(app, 20_000);

            app.get(Retention.class).tidy();

            MachineCatalog catalog = app.get(MachineCatalog.class);
            assertThat(rows(app).get("change_map_segments")).isPositive();
            assertThat(catalog.restorePoints(catalog.show(vm.name()))).hasSize(1);
            app.get(CuttingCopies.class).heal();
            assertThat(app.get(Replications.class).restart(job.id()).result().restarts())
                    .isOne();
            assertThat(lab.differences(vm)).isEmpty();
        }
    }

    @Test
    void theLastJobThatWroteToATargetStaysSinceItVoidsClaimsOfZeroes() throws Exception {
        try (JobsApp app = start()) {
            LabFixture lab = new LabFixture(folder);
            LabVm vm = lab.add(app, "moved", 30, 23, MIB);
            String first = LabFixture.start(app, vm.name()).result().jobId();
            Path target = lab.target(vm.name(), vm.diskKeys().get(0));
            sql(app).sql("UPDATE vm_disks SET target_ref = ?")
                    .param(folder.resolve("elsewhere.raw").toString())
                    .update();
            String second = replicate(app, vm, Mode.FULL);
            String third = replicate(app, vm, Mode.FULL);
            age(app, 20_000);

            app.get(Retention.class).tidy();

            assertThat(sql(app).sql("SELECT id FROM replication_jobs")
                            .query(String.class)
                            .list())
                    .containsExactlyInAnyOrder(first, third)
                    .doesNotContain(second);
            assertThat(app.get(ReplicationDisks.class).writtenBefore(new TargetRef(target.toString()), "another"))
                    .isTrue();
        }
    }

    @Test
    void ofExportsTheNewestStaysAndOfOperationsWhatIsNoExport() throws Exception {
        try (JobsApp app = start()) {
            for (int epoch = 1; epoch <= 3; epoch++) {
                operation(app, "export-" + epoch, "export", "completed");
                operation(app, "unexport-" + epoch, "unexport", "completed");
                sql(app).sql("INSERT INTO nbd_exports (volume_id, epoch, export_name, status, operation_id, created_at,"
                                + " updated_at) VALUES ('v', ?, ?, 'ended', ?, ?, ?)")
                        .params(epoch, "vol-v-e" + epoch, "export-" + epoch, OLD, OLD)
                        .update();
            }
            operation(app, "revert", "revert", "completed");
            operation(app, "under-way", "unexport", "executing");

            app.get(Retention.class).tidy();

            assertThat(sql(app).sql("SELECT export_name FROM nbd_exports")
                            .query(String.class)
                            .list())
                    .containsExactly("vol-v-e3");
            assertThat(sql(app).sql("SELECT id FROM volume_operations ORDER BY seq")
                            .query(String.class)
                            .list())
                    .containsExactly("export-3", "revert", "under-way");
        }
    }

    private static void operation(JobsApp app, String id, String type, String status) {
        sql(app).sql(
                        "INSERT INTO volume_operations (id, idempotency_key, type, status, request, created_at, updated_at)"
                                + " VALUES (?, ?, ?, ?, '{}', ?, ?)")
                .params(id, id, type, status, OLD, OLD)
                .update();
    }
}
