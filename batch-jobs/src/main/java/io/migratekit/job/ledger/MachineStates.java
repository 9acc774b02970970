package io.migratekit.job.ledger;

import io.migratekit.job.JobStatus;
import io.migratekit.job.lease.Lease;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What machines are, as their rows say it; for writes that are fenced already. */
final class MachineStates {
    private final JdbcClient sql;

    MachineStates(JdbcClient sql) {
        this.sql = sql;
    }

    /**
     * Returns what a machine is once a job of it ended so: what its targets hold counts, not how the last job went.
     *
     * @param written whether a job has written to the targets since the last restore point
     */
    String after(Lease lease, JobStatus ended, boolean written) {
        if (written) {
            return ended == JobStatus.FAILED ? Machine.FAILED : Machine.INTERRUPTED;
        }
        boolean restorePoint = sql.sql("SELECT COUNT(*) FROM restore_points WHERE vm_context_id = ?")
                        .param(lease.contextId())
                        .query(Integer.class)
                        .single()
                > 0;
        if (restorePoint) {
            return Machine.READY;
        }
        return ended == JobStatus.STOPPED ? Machine.DISCOVERED : Machine.FAILED;
    }

    /** Enters what the lease's machine is, whichever job was last at work on it. */
    void change(Lease lease, String status, String now) {
        sql.sql("UPDATE vm_replication_contexts SET current_status = ?, updated_at = ? WHERE context_id = ?")
                .params(status, now, lease.contextId())
                .update();
    }

    /** Enters what the lease's machine is, and that the lease's job is, or was, at work on it. */
    void enter(Lease lease, String status, String now) {
        sql.sql("UPDATE vm_replication_contexts SET current_status = ?, current_job_id = ?, updated_at = ?"
                        + " WHERE context_id = ?")
                .params(status, lease.jobId(), now, lease.contextId())
                .update();
    }
}
