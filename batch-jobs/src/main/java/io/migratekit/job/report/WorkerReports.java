package io.migratekit.job.report;

import io.migratekit.job.JobException;
import io.migratekit.job.JobStatus;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.sql.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The last report of each replication's worker, in the database, so that no restart loses it. A new stage and a new
 * error are entered in the joblog too.
 */
public final class WorkerReports {
    private final JdbcClient sql;
    private final TransactionTemplate transaction;
    private final JobLog jobLog;
    private final Clock clock;

    public WorkerReports(JdbcClient sql, TransactionTemplate transaction, JobLog jobLog, Clock clock) {
        this.sql = sql;
        this.transaction = transaction;
        this.jobLog = jobLog;
        this.clock = clock;
    }

    /**
     * A report and when it came.
     *
     * @param report what the worker said
     * @param at when it was entered
     */
    public record Entry(WorkerReport report, Instant at) {}

    private record Job(JobStatus status, long epoch) {}

    /**
     * Enters a report in place of the last one.
     *
     * @param epoch of the lease that the worker works under, if it says so: an older one than the job's is refused
     * @throws JobException.NoSuch if there is no such replication
     * @throws JobException.Refused if it is not at work, or another worker has taken over
     */
    public void enter(String jobId, OptionalLong epoch, WorkerReport report) {
        Optional<WorkerReport> last = Optional.ofNullable(transaction.execute(status -> {
                    check(jobId, lock(jobId), epoch);
                    Optional<WorkerReport> before = find("SELECT * FROM vma_progress WHERE job_id = ?", jobId)
                            .map(Entry::report);
                    store(jobId, report);
                    return before;
                }))
                .flatMap(before -> before);
        note(jobId, last, report);
    }

    private Job lock(String jobId) {
        return sql.sql("SELECT status, epoch FROM replication_jobs WHERE id = ? FOR UPDATE")
                .param(jobId)
                .query((row, number) -> new Job(JobStatus.of(row.getString(1)), row.getLong(2)))
                .optional()
                .orElseThrow(() -> noSuch(jobId));
    }

    /** Returns what to throw where there is no replication of that id. */
    public static JobException.NoSuch noSuch(String jobId) {
        return new JobException.NoSuch(
                "there is no replication '%s'; 'replicate list' shows those there are".formatted(jobId));
    }

    private static void check(String jobId, Job job, OptionalLong epoch) {
        if (!job.status().active()) {
            throw JobException.Refused.unfit(
                    "replication %s is %s, so nobody works on it; the worker that reports has to end"
                            .formatted(jobId, job.status().text()));
        }
        if (epoch.isPresent() && epoch.getAsLong() != job.epoch()) {
            throw JobException.Refused.unfit(
                    "replication %s is worked on under epoch %d, and the report is of epoch %d; the worker that reports has to end"
                            .formatted(jobId, job.epoch(), epoch.getAsLong()));
        }
    }

    private void store(String jobId, WorkerReport report) {
        sql.sql("DELETE FROM vma_disk_progress WHERE job_id = ?").param(jobId).update();
        sql.sql("DELETE FROM vma_progress WHERE job_id = ?").param(jobId).update();
        sql.sql("INSERT INTO vma_progress (job_id, vma_status, vma_current_phase, vma_sync_type, progress_percent,"
                        + " bytes_transferred, total_bytes, transfer_speed_bps, vma_eta_seconds,"
                        + " vma_error_classification, vma_error_details, reported_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(jobId, report.status().text(), report.stage().text())
                .param(report.syncType().orElse(null))
                .params(
                        report.percent(),
                        report.bytes().transferred(),
                        report.bytes().total())
                .param(report.bytesPerSecond())
                .param(
                        report.remainingSeconds().isPresent()
                                ? report.remainingSeconds().getAsLong()
                                : null)
                .param(report.error().map(WorkerReport.Trouble::classification).orElse(null))
                .param(report.error().map(WorkerReport.Trouble::details).orElse(null))
                .param(SqlTime.text(clock.instant()))
                .update();
        for (WorkerReport.Disk disk : report.disks()) {
            sql.sql("INSERT INTO vma_disk_progress (job_id, disk_id, status, bytes_transferred, total_bytes)"
                            + " VALUES (?, ?, ?, ?, ?)")
                    .params(jobId, disk.id(), disk.status().text())
                    .params(disk.bytes().transferred(), disk.bytes().total())
                    .update();
        }
    }

    private void note(String jobId, Optional<WorkerReport> last, WorkerReport report) {
        if (!last.map(WorkerReport::stage).equals(Optional.of(report.stage()))) {
            jobLog.event(
                    jobId,
                    JobEvent.Level.INFO,
                    "worker.stage",
                    "the worker is at %s (%s)"
                            .formatted(report.stage().text(), report.status().text()));
        }
        report.error()
                .filter(error -> !last.flatMap(WorkerReport::error).equals(Optional.of(error)))
                .ifPresent(error -> jobLog.event(
                        jobId,
                        JobEvent.Level.WARN,
                        "worker.error",
                        "the worker says (%s): %s".formatted(error.classification(), error.details())));
    }

    /** Returns the last report of a replication's worker; empty if there was none, or the ledger knows more by now. */
    public Optional<Entry> newest(String jobId) {
        return find(
                "SELECT r.* FROM vma_progress r JOIN replication_jobs j ON j.id = r.job_id"
                        + " WHERE r.job_id = ? AND r.reported_at >= j.updated_at",
                jobId);
    }

    private Optional<Entry> find(String query, String jobId) {
        List<WorkerReport.Disk> disks = sql.sql("SELECT * FROM vma_disk_progress WHERE job_id = ? ORDER BY disk_id")
                .param(jobId)
                .query((row, number) -> new WorkerReport.Disk(
                        row.getString("disk_id"),
                        Worded.of(DiskStatus.class, "status", row.getString("status")),
                        bytes(row)))
                .list();
        return sql.sql(query)
                .param(jobId)
                .query((row, number) -> entry(row, disks))
                .optional();
    }

    private static Entry entry(ResultSet row, List<WorkerReport.Disk> disks) throws SQLException {
        long remaining = row.getLong("vma_eta_seconds");
        boolean unknown = row.wasNull();
        String classification = row.getString("vma_error_classification");
        return new Entry(
                new WorkerReport(
                        Worded.of(WorkerStatus.class, "vma_status", row.getString("vma_status")),
                        Worded.of(Stage.class, "vma_current_phase", row.getString("vma_current_phase")),
                        Optional.ofNullable(row.getString("vma_sync_type")),
                        row.getDouble("progress_percent"),
                        bytes(row),
                        row.getLong("transfer_speed_bps"),
                        unknown ? OptionalLong.empty() : OptionalLong.of(remaining),
                        classification == null
                                ? Optional.empty()
                                : Optional.of(
                                        new WorkerReport.Trouble(classification, row.getString("vma_error_details"))),
                        disks),
                SqlTime.instant(row, "reported_at"));
    }

    private static WorkerReport.Bytes bytes(ResultSet row) throws SQLException {
        return new WorkerReport.Bytes(row.getLong("bytes_transferred"), row.getLong("total_bytes"));
    }
}
