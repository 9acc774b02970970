package io.migratekit.job.ledger;

import io.migratekit.job.lease.FencedWrites;
import io.migratekit.job.lease.Lease;
import io.migratekit.source.ChangeId;
import io.migratekit.sql.SqlTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Restore points: what a replication leaves behind once every disk is whole. */
public final class RestorePoints {
    private final JdbcClient sql;
    private final FencedWrites fenced;
    private final Clock clock;

    public RestorePoints(JdbcClient sql, FencedWrites fenced, Clock clock) {
        this.sql = sql;
        this.fenced = fenced;
        this.clock = clock;
    }

    /**
     * Promotes the moments of all disks at once, in one transaction: change ids, history and restore point. The caller
     * has read back that every range of every disk is complete. Repeating it after a lost answer changes nothing.
     */
    public void promote(
            Lease lease, List<ReplicationDisk> disks, String snapshotName, boolean unsafeTarget, Duration copying) {
        String now = SqlTime.text(clock.instant());
        fenced.run(lease, () -> {
            if (promoted(lease.jobId())) {
                return;
            }
            sql.sql(
                            "INSERT INTO restore_points (vm_context_id, job_id, snapshot_name, unsafe_target, created_at, moment)"
                                    + " VALUES (?, ?, ?, ?, ?, (SELECT snapshot_moment FROM replication_jobs WHERE id = ?))")
                    .params(lease.contextId(), lease.jobId(), snapshotName, unsafeTarget ? 1 : 0, now, lease.jobId())
                    .update();
            disks.forEach(disk -> promote(lease, disk, unsafeTarget, copying, now));
            sql.sql("UPDATE vm_replication_contexts SET current_status = ?,"
                            + " last_successful_job_id = ?, successful_jobs = successful_jobs + 1, updated_at = ?"
                            + " WHERE context_id = ?")
                    .params(Machine.READY, lease.jobId(), now, lease.contextId())
                    .update();
        });
    }

    /** Returns whether the job has made its restore point. */
    public boolean promoted(String jobId) {
        return sql.sql("SELECT COUNT(*) FROM restore_points WHERE job_id = ?")
                        .param(jobId)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private void promote(Lease lease, ReplicationDisk disk, boolean unsafeTarget, Duration copying, String now) {
        String key = disk.key().text();
        sql.sql("INSERT INTO restore_point_disks (restore_point_id, disk_key, target_ref, change_id, capacity_bytes)"
                        + " SELECT id, ?, ?, ?, ? FROM restore_points WHERE job_id = ?")
                .params(key, disk.target().text())
                .param(disk.changeId().map(ChangeId::text).orElse(null))
                .params(disk.capacityBytes(), lease.jobId())
                .update();
        sql.sql("INSERT INTO cbt_history (vm_context_id, job_id, disk_id, change_id, previous_change_id, sync_type,"
                        + " bytes_transferred, sync_duration_seconds, sync_success, created_at)"
                        + " SELECT ?, ?, ?, ?, ?, ?, bytes_copied, ?, 1, ? FROM replication_disks"
                        + " WHERE job_id = ? AND disk_key = ?")
                .params(lease.contextId(), lease.jobId(), key)
                .param(disk.changeId().map(ChangeId::text).orElse(null))
                .param(disk.since().map(ChangeId::text).orElse(null))
                .params(disk.mode().text(), copying.toSeconds(), now)
                .params(lease.jobId(), key)
                .update();
        sql.sql("UPDATE replication_disks SET state = 'promoted' WHERE job_id = ? AND disk_key = ?")
                .params(lease.jobId(), key)
                .update();
        sql.sql(
                        "UPDATE vm_disks SET disk_change_id = ?, capacity_bytes = ?, target_size_bytes = ?, target_identity = ?,"
                                + " unsafe_target = ?,"
                                + " sync_status = 'completed', updated_at = ? WHERE id = ?")
                .param(disk.changeId().map(ChangeId::text).orElse(null))
                .params(disk.capacityBytes(), disk.targetSizeBytes())
                .param(disk.targetIdentity().orElse(null))
                .params(unsafeTarget ? 1 : 0, now, disk.diskId())
                .update();
    }

    /** Returns a machine's restore points, newest first. */
    public List<RestorePoint> of(String contextId) {
        return sql.sql("SELECT * FROM restore_points WHERE vm_context_id = ? ORDER BY id DESC")
                .param(contextId)
                .query((row, number) -> new RestorePoint(
                        row.getLong("id"),
                        row.getString("job_id"),
                        row.getString("snapshot_name"),
                        row.getBoolean("unsafe_target"),
                        SqlTime.optionalInstant(row, "moment"),
                        SqlTime.instant(row, "created_at")))
                .list();
    }
}
