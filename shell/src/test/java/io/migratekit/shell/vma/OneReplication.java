package io.migratekit.shell.vma;

import io.migratekit.config.ProcessIdentity;
import io.migratekit.config.Replication.Fallback;
import io.migratekit.job.Mode;
import io.migratekit.job.TargetRef;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.lease.FencedWrites;
import io.migratekit.job.lease.Lease;
import io.migratekit.job.lease.Leases;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.Machines;
import io.migratekit.job.ledger.NewDisk;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.ReplicationJobs;
import io.migratekit.job.report.WorkerReports;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceRef;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A ledger with one replication. Its records are a second older than any report of a worker. */
final class OneReplication implements AutoCloseable {
    static final String JOB = "job-1";

    private static final String CONTEXT = "ctx";
    private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");

    private final JdbcConnectionPool source = JdbcConnectionPool.create(
            "jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
                    .formatted(UUID.randomUUID()),
            "sa",
            "");
    private final JdbcClient sql = JdbcClient.create(source);
    private final ReplicationJobs jobs;
    private final JobLog jobLog;
    private final Lease lease;
    private final ProgressView progress;
    private volatile boolean died;

    OneReplication() {
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration/h2", "classpath:db/migration/common")
                .load()
                .migrate();
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(source));
        FencedWrites fenced = new FencedWrites(sql, transaction);
        Clock before = Clock.fixed(NOW, ZoneOffset.UTC);
        Clock after = Clock.fixed(NOW.plusSeconds(1), ZoneOffset.UTC);
        jobs = new ReplicationJobs(sql, fenced, before);
        jobLog = new JobLog(sql, after);
        Machines machines = new Machines(sql, transaction, fenced, before);
        machines.add(
                CONTEXT,
                "web",
                Machine.Kind.VM,
                List.of(new NewDisk(
                        new DiskKey("2000"), new SourceRef("/web.raw"), Optional.of(new TargetRef("/copy.raw")))));
        lease = new Leases(sql, () -> 0, ProcessIdentity.current(), Duration.ofSeconds(30)).acquire(CONTEXT, JOB);
        jobs.add(
                lease,
                machines.find(CONTEXT).orElseThrow(),
                new ReplicationJob.Options(Mode.FULL, Fallback.AUTO, false, false));
        jobLog.begin(JOB, "replication", "VM 'web'", CONTEXT, "");
        progress = new ProgressView(
                jobs,
                new ReplicationDisks(sql, fenced),
                jobLog,
                new WorkerReports(sql, transaction, jobLog, after),
                jobId -> died);
    }

    /** Sets it back to work, without reports and events. */
    void begin() {
        died = false;
        sql.sql("DELETE FROM vma_progress").update();
        sql.sql("DELETE FROM log_events").update();
        sql.sql("DELETE FROM job_steps").update();
        jobs.begin(lease, false);
    }

    ReplicationJobs jobs() {
        return jobs;
    }

    JobLog jobLog() {
        return jobLog;
    }

    Lease lease() {
        return lease;
    }

    /** Returns what was changed in vCenters, each with how it ended and why. */
    List<String> changes() {
        return sql.sql("SELECT CONCAT(operation, ' ', status, ' ', COALESCE(error_message, '-')) FROM job_tracking"
                        + " WHERE job_type = 'vma' ORDER BY seq")
                .query(String.class)
                .list();
    }

    ProgressView progress() {
        return progress;
    }

    /** Says whether no living process holds it. */
    void processDied(boolean now) {
        died = now;
    }

    @Override
    public void close() {
        source.dispose();
    }
}
