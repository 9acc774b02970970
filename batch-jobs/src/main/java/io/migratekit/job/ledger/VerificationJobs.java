package io.migratekit.job.ledger;

import io.migratekit.job.JobStatus;
import io.migratekit.job.lease.FencedWrites;
import io.migratekit.job.lease.Lease;
import io.migratekit.sql.SqlTime;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Verifications in the database. */
public final class VerificationJobs {
    /** Differences that are listed; more are only counted. */
    public static final int DIFFERENCES_LISTED_MAX = 1000;

    private final JdbcClient sql;
    private final FencedWrites fenced;
    private final Clock clock;

    public VerificationJobs(JdbcClient sql, FencedWrites fenced, Clock clock) {
        this.sql = sql;
        this.fenced = fenced;
        this.clock = clock;
    }

    /** Enters a job as running. */
    public void add(Lease lease, Machine machine, double percent, long seed) {
        String now = now();
        fenced.run(
                lease,
                () -> sql.sql(
                                "INSERT INTO verification_jobs (id, vm_context_id, source_vm_name, status,"
                                        + " percent, seed, epoch, created_at, updated_at) VALUES (?, ?, ?, 'verifying', ?, ?, ?, ?, ?)")
                        .params(
                                lease.jobId(),
                                machine.contextId(),
                                machine.name(),
                                percent,
                                seed,
                                lease.epoch(),
                                now,
                                now)
                        .update());
    }

    /** Enters how far it is. */
    public void counters(Lease lease, VerificationJob.Counters counters) {
        fenced.run(
                lease,
                () -> sql.sql(
                                "UPDATE verification_jobs SET bytes_total = ?, bytes_compared = ?,"
                                        + " bytes_excluded = ?, bytes_different = ?, differences = ?, updated_at = ? WHERE id = ?")
                        .params(counters.totalBytes(), counters.comparedBytes(), counters.excludedBytes())
                        .params(counters.differentBytes(), counters.differences(), now(), lease.jobId())
                        .update());
    }

    /** Enters a difference. */
    public void difference(Lease lease, VerificationJob.Difference difference) {
        fenced.run(
                lease,
                () -> sql.sql("INSERT INTO verification_differences (job_id, disk_key, offset_bytes,"
                                + " length_bytes) VALUES (?, ?, ?, ?)")
                        .params(lease.jobId(), difference.diskKey(), difference.offsetBytes(), difference.lengthBytes())
                        .update());
    }

    /** Enters how it ended. */
    public void end(Lease lease, JobStatus status, Optional<String> error) {
        fenced.run(
                lease,
                () -> sql.sql("UPDATE verification_jobs SET status = ?, error_message = ?, completed_at = ?,"
                                + " updated_at = ? WHERE id = ?")
                        .param(status.text())
                        .param(error.orElse(null))
                        .params(now(), now(), lease.jobId())
                        .update());
    }

    /** Ends what dead processes left behind on the lease's machine. */
    public void endDead(Lease lease) {
        fenced.run(
                lease,
                () -> sql.sql("UPDATE verification_jobs SET status = 'interrupted',"
                                + " error_message = 'the process that ran it died', completed_at = ?, updated_at = ?"
                                + " WHERE vm_context_id = ? AND status = 'verifying' AND id <> ?")
                        .params(now(), now(), lease.contextId(), lease.jobId())
                        .update());
    }

    /** Asks the job's process, wherever it is, to stop. */
    public void requestStop(String jobId) {
        sql.sql("UPDATE verification_jobs SET stop_requested = 1 WHERE id = ?")
                .param(jobId)
                .update();
    }

    /** Returns whether somebody asked it to stop. */
    public boolean stopRequested(String jobId) {
        return sql.sql("SELECT stop_requested FROM verification_jobs WHERE id = ?")
                .param(jobId)
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /** Returns a job as it was last entered, whichever process runs it; empty if there is none of that id. */
    public Optional<VerificationJob> find(String jobId) {
        return sql.sql("SELECT * FROM verification_jobs WHERE id = ?")
                .param(jobId)
                .query(VerificationJob::of)
                .optional();
    }

    /** Returns the newest jobs first. */
    public List<VerificationJob> newest(int countMax) {
        return sql.sql("SELECT * FROM verification_jobs ORDER BY seq DESC LIMIT ?")
                .param(countMax)
                .query(VerificationJob::of)
                .list();
    }

    /** Returns the jobs that are, or claim to be, at work. */
    public List<VerificationJob> active() {
        return sql.sql("SELECT * FROM verification_jobs WHERE status = 'verifying' ORDER BY seq")
                .query(VerificationJob::of)
                .list();
    }

    /** Returns what a job found, in the order it was found; at most {@link #DIFFERENCES_LISTED_MAX}. */
    public List<VerificationJob.Difference> differences(String jobId) {
        return sql.sql("SELECT disk_key, offset_bytes, length_bytes FROM verification_differences WHERE job_id = ?"
                        + " ORDER BY id")
                .param(jobId)
                .query((row, number) ->
                        new VerificationJob.Difference(row.getString(1), row.getLong(2), row.getLong(3)))
                .list();
    }

    private String now() {
        return SqlTime.text(clock.instant());
    }
}
