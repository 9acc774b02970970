package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.Replication.Fallback;
import io.migratekit.job.JobException;
import io.migratekit.job.JobStatus;
import io.migratekit.job.JobsApp;
import io.migratekit.job.Mode;
import io.migratekit.job.replication.ReplicationEngine;
import io.migratekit.job.retention.Retention;
import io.migratekit.source.lab.LabVm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A database that months of replications and verifications went through stays as small as it was. */
abstract class RetentionContract {
    static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    /** Returns the URL of an empty database. */
    abstract String database() throws Exception;

    /** Returns its user, who has no password. */
    abstract String user();

    @Test
    void manyRunsLeaveNoMoreRowsThanFew() throws Exception {
        try (JobsApp app = start()) {
            LabFixture lab = new LabFixture(folder);
            LabVm vm = lab.add(app, "nightly", 30, 21, 4 * MIB, 2 * MIB);
            for (int round = 0; round < 3; round++) {
                failThenReplicateAndVerify(app, vm);
            }
            Map<String, Long> few = rows(app);
            for (int round = 0; round < 2; round++) {
                failThenReplicateAndVerify(app, vm);
            }

            assertThat(rows(app)).isEqualTo(few);
            assertThat(few).containsEntry("change_map_segments", 0L).containsEntry("replication_ranges", 0L);
            assertThat(few.get("replication_jobs")).isPositive();
            assertThat(lab.differences(vm)).isEmpty();
        }
    }

    @Test
    void executionsOfJobsWithOtherLedgersStay() throws Exception {
        try (JobsApp app = start()) {
            JobRepository repository = app.get(JobRepository.class);
            JobParameters parameters = new JobParametersBuilder()
                    .addString("jobId", "job-of-its-own")
                    .toJobParameters();
            repository.createJobExecution(
                    repository.createJobInstance("failover", parameters), parameters, new ExecutionContext());
            JobInstance removed = repository.createJobInstance(ReplicationEngine.JOB, parameters);
            repository.createJobExecution(removed, parameters, new ExecutionContext());

            app.get(Retention.class).tidy();

            assertThat(repository.getJobInstance("failover", parameters)).isNotNull();
            assertThat(repository.getJobInstance(ReplicationEngine.JOB, parameters))
                    .as("that of a replication whose machine is gone")
                    .isNull();
        }
    }

    JobsApp start() throws Exception {
        return JobsApp.start(
                folder,
                database(),
                CuttingCopies.Wiring.class,
                "spring.datasource.username=" + user(),
                "migratekit.chunk.bytes=1MB",
                "migratekit.copy.partitions-per-disk=2",
                "migratekit.jobs.keep=200d",
                "migratekit.jobs.keep-history=400d");
    }

    /** A night: one job that fails half-way, one that takes over, a verification; and then half a year goes by. */
    private static void failThenReplicateAndVerify(JobsApp app, LabVm vm) throws Exception {
        vm.churn(3, 2);
        failAt(app, vm, 1, Mode.FULL);
        app.get(CuttingCopies.class).heal();
        replicate(app, vm, Mode.FULL);
        app.get(Verifications.class).start(vm.name(), 100, 1).result();
        age(app, 150);
        app.get(Workers.class).awaitIdle(Duration.ofSeconds(20));
        app.get(Retention.class).tidy();
    }

    static void failAt(JobsApp app, LabVm vm, int chunk, Mode mode) {
        app.get(CuttingCopies.class).cutAt(chunk);
        assertThatThrownBy(() -> replicate(app, vm, mode)).isInstanceOf(JobException.class);
        assertThat(app.get(Replications.class).find(vm.name()).status()).isEqualTo(JobStatus.FAILED);
    }

    static String replicate(JobsApp app, LabVm vm, Mode mode) throws InterruptedException {
        return app.get(Replications.class)
                .start(vm.name(), new StartOptions(mode, Optional.of(Fallback.AUTO), false, false))
                .result()
                .jobId();
    }

    static Map<String, Long> rows(JobsApp app) {
        Map<String, Long> rows = new TreeMap<>();
        for (String table : sql(app).sql(
                        "SELECT table_name FROM information_schema.tables WHERE table_schema = SCHEMA()"
                                + " AND table_type LIKE '%TABLE'")
                .query(String.class)
                .list()) {
            rows.put(
                    table.toLowerCase(Locale.ROOT),
                    sql(app).sql("SELECT COUNT(*) FROM " + table)
                            .query(Long.class)
                            .single());
        }
        return rows;
    }

    /** Lets days go by for everything that the ledger and the joblog know the time of. */
    static void age(JobsApp app, int days) throws InterruptedException {
        app.get(Workers.class).awaitIdle(Duration.ofSeconds(20));
        Map.of(
                        "replication_jobs", "updated_at",
                        "verification_jobs", "updated_at",
                        "job_tracking", "updated_at",
                        "log_events", "ts",
                        "restore_points", "created_at",
                        "cbt_history", "created_at")
                .forEach((table, column) -> sql(app).sql(
                                "UPDATE %s SET %s = %s - INTERVAL '%d' DAY".formatted(table, column, column, days))
                        .update());
    }

    static JdbcClient sql(JobsApp app) {
        return app.get(JdbcClient.class);
    }
}
