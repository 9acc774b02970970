package io.migratekit.job.ledger;

import io.migratekit.job.JobStatus;
import io.migratekit.job.lease.FencedWrites;
import io.migratekit.job.lease.Lease;
import io.migratekit.sql.SqlTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Replications in the database. Writes of a running job carry its lease and fail once it is lost. */
public final class ReplicationJobs {
    private final JdbcClient sql;
    private final FencedWrites fenced;
    private final Clock clock;
    private final MachineStates states;

    public ReplicationJobs(JdbcClient sql, FencedWrites fenced, Clock clock) {
        this.sql = sql;
        this.fenced = fenced;
        this.clock = clock;
        this.states = new MachineStates(sql);
    }

    /** Enters a job as pending. */
    public void add(Lease lease, Machine machine, ReplicationJob.Options options) {
        String now = now();
        fenced.run(lease, () -> {
            sql.sql(
                            "INSERT INTO replication_jobs (id, vm_context_id, source_vm_name, replication_type, fallback_policy,"
                                    + " destination_is_zero, unsafe_target, status, epoch, created_at, updated_at)"
                                    + " VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?)")
                    .params(lease.jobId(), machine.contextId(), machine.name())
                    .params(options.mode().text(), options.fallback().name().toLowerCase(Locale.ROOT))
                    .params(options.targetIsZero() ? 1 : 0, options.unsafeTarget() ? 1 : 0, lease.epoch(), now, now)
                    .update();
            sql.sql("UPDATE vm_replication_contexts SET total_jobs_run = total_jobs_run + 1, updated_at = ?"
                            + " WHERE context_id = ?")
                    .params(now, machine.contextId())
                    .update();
        });
    }

    /** Enters what is newly asked of a job that goes on. */
    public void options(Lease lease, ReplicationJob.Options options) {
        fenced.run(
                lease,
                () -> sql.sql("UPDATE replication_jobs SET fallback_policy = ?, unsafe_target = ? WHERE id = ?")
                        .params(
                                options.fallback().name().toLowerCase(Locale.ROOT),
                                options.unsafeTarget() ? 1 : 0,
                                lease.jobId())
                        .update());
    }

    /** Enters that the job runs now, under this lease. */
    public void begin(Lease lease, boolean restart) {
        String now = now();
        fenced.run(lease, () -> {
            sql.sql("UPDATE replication_jobs SET status = 'replicating', epoch = ?, restarts = restarts + ?,"
                            + " stop_requested = 0, error_message = NULL, error_kind = NULL, completed_at = NULL,"
                            + " started_at = COALESCE(started_at, ?), updated_at = ? WHERE id = ?")
                    .params(lease.epoch(), restart ? 1 : 0, now, now, lease.jobId())
                    .update();
            states.enter(lease, "replicating", now);
        });
    }

    /** Enters which execution of Batch works on it. */
    public void execution(Lease lease, long executionId) {
        fenced.run(
                lease,
                () -> sql.sql("UPDATE replication_jobs SET batch_execution_id = ? WHERE id = ?")
                        .params(executionId, lease.jobId())
                        .update());
    }

    /** Enters what it does now. */
    public void operation(Lease lease, String operation) {
        fenced.run(
                lease,
                () -> sql.sql("UPDATE replication_jobs SET current_operation = ?, updated_at = ? WHERE id = ?")
                        .params(operation, now(), lease.jobId())
                        .update());
    }

    /**
     * Enters the snapshot.
     *
     * @param moment what the source held then is what the job copies
     */
    public void snapshot(Lease lease, String reference, Instant moment, int generation) {
        fenced.run(
                lease,
                () -> sql.sql("UPDATE replication_jobs SET snapshot_id = ?, snapshot_moment = ?,"
                                + " snapshot_generation = ?, updated_at = ? WHERE id = ?")
                        .params(reference, SqlTime.text(moment), generation, now(), lease.jobId())
                        .update());
    }

    /** Enters that the job begins anew with the snapshot that it has. */
    public void generation(Lease lease, int generation) {
        fenced.run(
                lease,
                () -> sql.sql("UPDATE replication_jobs SET snapshot_generation = ?, updated_at = ? WHERE id = ?")
                        .params(generation, now(), lease.jobId())
                        .update());
    }

    /** Enters that a job of the lease's machine has no snapshot any more. */
    public void forgetSnapshot(Lease lease, String jobId) {
        fenced.run(
                lease,
                () -> sql.sql("UPDATE replication_jobs SET snapshot_id = NULL WHERE id = ?")
                        .param(jobId)
                        .update());
    }

    /** Enters how far it is; what was copied again only ever grows, whichever thread comes last. */
    public void counters(Lease lease, ReplicationJob.Counters counters, double percent) {
        fenced.run(
                lease,
                () -> sql.sql("UPDATE replication_jobs SET total_bytes = ?, planned_bytes = ?,"
                                + " bytes_transferred = ?, bytes_zeroed = ?, bytes_skipped = ?, bytes_recopied = GREATEST(bytes_recopied, ?),"
                                + " transfer_speed_bps = ?, copy_millis = ?, commit_millis = ?, progress_percent = ?,"
                                + " updated_at = ? WHERE id = ?")
                        .params(
                                counters.totalBytes(),
                                counters.plannedBytes(),
                                counters.copiedBytes(),
                                counters.zeroedBytes())
                        .params(counters.skippedBytes(), counters.recopiedBytes(), counters.bytesPerSecond())
                        .params(counters.copyMillis(), counters.commitMillis(), percent, now(), lease.jobId())
                        .update());
    }

    /** Enters how it ended. */
    public void end(Lease lease, JobStatus status, Optional<String> error, Optional<String> errorKind) {
        String now = now();
        fenced.run(lease, () -> {
            sql.sql(
                            "UPDATE replication_jobs SET status = ?, error_message = ?, error_kind = ?, current_operation = NULL,"
                                    + " transfer_speed_bps = 0, completed_at = ?, updated_at = ? WHERE id = ?")
                    .param(status.text())
                    .param(error.orElse(null))
                    .param(errorKind.orElse(null))
                    .params(now, now, lease.jobId())
                    .update();
            states.enter(lease, machineStatus(lease, status), now);
            if (status != JobStatus.COMPLETED) { // completion was counted with the restore point
                sql.sql("UPDATE vm_replication_contexts SET failed_jobs = failed_jobs + ? WHERE context_id = ?")
                        .params(status == JobStatus.FAILED ? 1 : 0, lease.contextId())
                        .update();
            }
        });
    }

    /**
     * Enters as completed what ended behind its promotion, by its process's death or otherwise: its restore point is what
     * it was to make, and a later start must copy what is new by then. Returns which jobs of the lease's machine that were.
     */
    public List<String> completePromoted(Lease lease) {
        String now = now();
        return fenced.call(lease, () -> {
            List<String> ids = sql.sql(
                            "SELECT j.id FROM replication_jobs j JOIN restore_points p ON p.job_id = j.id"
                                    + " WHERE j.vm_context_id = ? AND j.status NOT IN ('completed', 'superseded') ORDER BY j.seq")
                    .param(lease.contextId())
                    .query(String.class)
                    .list();
            for (String id : ids) {
                sql.sql("UPDATE replication_jobs SET status = 'completed', current_operation = NULL,"
                                + " transfer_speed_bps = 0, completed_at = COALESCE(completed_at, ?), updated_at = ?"
                                + " WHERE id = ?")
                        .params(now, now, id)
                        .update();
            }
            if (!ids.isEmpty()) {
                states.change(lease, machineStatus(lease, JobStatus.COMPLETED), now);
            }
            return ids;
        });
    }

    /** Enters that a job of the lease's machine ended with its process. */
    public void endDead(Lease lease, String jobId) {
        String now = now();
        fenced.run(lease, () -> {
            sql.sql("UPDATE replication_jobs SET status = 'interrupted', current_operation = NULL,"
                            + " error_message = 'the process that ran it died', transfer_speed_bps = 0,"
                            + " completed_at = ?, updated_at = ? WHERE id = ? AND status IN ('pending', 'replicating')")
                    .params(now, now, jobId)
                    .update();
            states.change(lease, machineStatus(lease, JobStatus.INTERRUPTED), now);
        });
    }

    /** Ends the unfinished jobs of the lease's machine apart from its own job: another one does what they had to do. */
    public List<String> supersedeOthers(Lease lease) {
        return fenced.call(lease, () -> {
            List<String> ids = sql.sql("SELECT id FROM replication_jobs WHERE vm_context_id = ? AND id <> ?"
                            + " AND status NOT IN ('completed', 'superseded') ORDER BY seq")
                    .params(lease.contextId(), lease.jobId())
                    .query(String.class)
                    .list();
            ids.forEach(id -> sql.sql("UPDATE replication_jobs SET status = 'superseded', updated_at = ? WHERE id = ?")
                    .params(now(), id)
                    .update());
            return ids;
        });
    }

    /** Asks the job's process, wherever it is, to stop at the next commit. */
    public void requestStop(String jobId) {
        sql.sql("UPDATE replication_jobs SET stop_requested = 1 WHERE id = ?")
                .param(jobId)
                .update();
    }

    /** Returns whether somebody asked it to stop. */
    public boolean stopRequested(String jobId) {
        return sql.sql("SELECT stop_requested FROM replication_jobs WHERE id = ?")
                .param(jobId)
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    /** Returns a job as it was last entered, whichever process runs it; empty if there is none of that id. */
    public Optional<ReplicationJob> find(String jobId) {
        return sql.sql("SELECT * FROM replication_jobs WHERE id = ?")
                .param(jobId)
                .query(ReplicationJob::of)
                .optional();
    }

    /** Returns whether a replication or verification of this id belongs to the machine. */
    public boolean belongs(String jobId, String contextId) {
        return sql.sql("SELECT (SELECT COUNT(*) FROM replication_jobs WHERE id = ? AND vm_context_id = ?)"
                                + " + (SELECT COUNT(*) FROM verification_jobs WHERE id = ? AND vm_context_id = ?)")
                        .params(jobId, contextId, jobId, contextId)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Returns the newest jobs first. */
    public List<ReplicationJob> newest(int countMax) {
        return sql.sql("SELECT * FROM replication_jobs ORDER BY seq DESC LIMIT ?")
                .param(countMax)
                .query(ReplicationJob::of)
                .list();
    }

    /** Returns a machine's jobs, newest first. */
    public List<ReplicationJob> ofMachine(String contextId) {
        return sql.sql("SELECT * FROM replication_jobs WHERE vm_context_id = ? ORDER BY seq DESC")
                .param(contextId)
                .query(ReplicationJob::of)
                .list();
    }

    /**
     * Returns the newest job that may have written to the targets of a machine since its last restore point. If there is
     * one, they are between two moments, whatever became of the job.
     */
    public Optional<ReplicationJob> writtenSinceRestorePoint(String contextId) {
        return sql.sql("SELECT j.* FROM replication_jobs j WHERE j.vm_context_id = ?"
                        + " AND EXISTS (SELECT 1 FROM replication_disks d WHERE d.job_id = j.id AND d.state = 'planned')"
                        + " AND j.seq > COALESCE((SELECT MAX(p.seq) FROM replication_jobs p"
                        + " JOIN restore_points r ON r.job_id = p.id WHERE p.vm_context_id = ?), 0)"
                        + " ORDER BY j.seq DESC LIMIT 1")
                .params(contextId, contextId)
                .query(ReplicationJob::of)
                .optional();
    }

    /** Returns the jobs that are, or claim to be, at work. */
    public List<ReplicationJob> active() {
        return sql.sql("SELECT * FROM replication_jobs WHERE status IN ('pending', 'replicating') ORDER BY seq")
                .query(ReplicationJob::of)
                .list();
    }

    private String machineStatus(Lease lease, JobStatus ended) {
        return states.after(
                lease, ended, writtenSinceRestorePoint(lease.contextId()).isPresent());
    }

    private String now() {
        return SqlTime.text(clock.instant());
    }
}
