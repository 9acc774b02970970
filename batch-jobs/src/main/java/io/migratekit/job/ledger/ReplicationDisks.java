package io.migratekit.job.ledger;

import io.migratekit.job.TargetRef;
import io.migratekit.job.lease.FencedWrites;
import io.migratekit.job.lease.Lease;
import io.migratekit.source.ChangeId;
import io.migratekit.source.DiskKey;
import io.migratekit.source.extent.ByteRange;
import io.migratekit.source.extent.ChangeMap;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The disks of replications and the ranges that they are cut into. */
public final class ReplicationDisks {
    private final JdbcClient sql;
    private final FencedWrites fenced;

    public ReplicationDisks(JdbcClient sql, FencedWrites fenced) {
        this.sql = sql;
        this.fenced = fenced;
    }

    /** Returns a job's disks in the order that they were prepared; empty before that. */
    public List<ReplicationDisk> of(String jobId) {
        return sql.sql("SELECT * FROM replication_disks WHERE job_id = ? ORDER BY vm_disk_id")
                .param(jobId)
                .query(ReplicationDisk::of)
                .list();
    }

    /** Enters what was decided for a disk; an earlier decision, its ranges and its map are replaced. */
    public void prepare(Lease lease, ReplicationDisk disk) {
        fenced.run(lease, () -> {
            sql.sql("DELETE FROM replication_disks WHERE job_id = ? AND disk_key = ?")
                    .params(lease.jobId(), disk.key().text())
                    .update();
            insert(lease, disk);
        });
    }

    /** Enters that the disk's change map is stored and whole, together with the ranges that it is cut into. */
    public void planned(
            Lease lease, ReplicationDisk disk, ChangeMap.Rest rest, long dataBytes, List<ByteRange> ranges) {
        fenced.run(lease, () -> {
            for (int index = 0; index < ranges.size(); index++) {
                ByteRange range = ranges.get(index);
                sql.sql("INSERT INTO replication_ranges (job_id, disk_key, map_generation, range_index, from_bytes,"
                                + " until_bytes) VALUES (?, ?, ?, ?, ?, ?)")
                        .params(lease.jobId(), disk.key().text(), disk.mapGeneration(), index)
                        .params(range.fromBytes(), range.untilBytes())
                        .update();
            }
            sql.sql("UPDATE replication_disks SET state = 'planned', rest_kind = ?, data_bytes = ?"
                            + " WHERE job_id = ? AND disk_key = ? AND map_generation = ?")
                    .params(rest.name(), dataBytes, lease.jobId(), disk.key().text(), disk.mapGeneration())
                    .update();
        });
    }

    /** Enters that a disk's target no longer holds its last restore point, so that the fallback policy decides. */
    public void targetLost(Lease lease, long diskId) {
        fenced.run(
                lease,
                () -> sql.sql("UPDATE vm_disks SET disk_change_id = NULL, sync_status = 'lost' WHERE id = ?")
                        .param(diskId)
                        .update());
    }

    /** Returns whether a job other than {@code jobId} may have written to the target. */
    public boolean writtenBefore(TargetRef target, String jobId) {
        return sql.sql("SELECT COUNT(*) FROM replication_disks d JOIN replication_jobs j ON j.id = d.job_id"
                                + " WHERE d.target_ref = ? AND d.state <> 'prepared' AND j.id <> ?")
                        .params(target.text(), jobId)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Removes the change maps of the lease's job: they are of no more use once it is promoted. */
    public void forgetMaps(Lease lease) {
        fenced.run(
                lease,
                () -> sql.sql("DELETE FROM change_map_segments WHERE job_id = ?")
                        .param(lease.jobId())
                        .update());
    }

    /** Returns the ranges that a disk's current map is cut into, in ascending order. */
    public List<ByteRange> ranges(String jobId, DiskKey key, int mapGeneration) {
        return sql.sql("SELECT from_bytes, until_bytes FROM replication_ranges"
                        + " WHERE job_id = ? AND disk_key = ? AND map_generation = ? ORDER BY range_index")
                .params(jobId, key.text(), mapGeneration)
                .query((row, number) -> new ByteRange(row.getLong(1), row.getLong(2)))
                .list();
    }

    /** Enters how far a disk is. */
    public void counters(Lease lease, DiskKey key, long copiedBytes, long zeroedBytes, long skippedBytes) {
        fenced.run(
                lease,
                () -> sql.sql("UPDATE replication_disks SET bytes_copied = ?, bytes_zeroed = ?, bytes_skipped = ?"
                                + " WHERE job_id = ? AND disk_key = ?")
                        .params(copiedBytes, zeroedBytes, skippedBytes, lease.jobId(), key.text())
                        .update());
    }

    /** Returns how far each disk is, as last stored by the process that copies. */
    public List<DiskCounters> counters(String jobId) {
        return sql.sql("SELECT disk_key, capacity_bytes, bytes_copied, bytes_zeroed, bytes_skipped"
                        + " FROM replication_disks WHERE job_id = ? ORDER BY vm_disk_id")
                .param(jobId)
                .query((row, number) -> new DiskCounters(
                        new DiskKey(row.getString(1)), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)))
                .list();
    }

    /**
     * How far a disk is.
     *
     * @param key the disk
     * @param capacityBytes all of it
     * @param copiedBytes written as data
     * @param zeroedBytes written as zeroes
     * @param skippedBytes right already
     */
    public record DiskCounters(
            DiskKey key, long capacityBytes, long copiedBytes, long zeroedBytes, long skippedBytes) {}

    private void insert(Lease lease, ReplicationDisk disk) {
        sql.sql("INSERT INTO replication_disks (job_id, vm_disk_id, disk_key, source_ref, target_ref, state, sync_type,"
                        + " mode_reason, capacity_bytes, target_size_bytes, target_identity, target_is_zero, partitions,"
                        + " previous_change_id, change_id, map_generation)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .params(
                        lease.jobId(),
                        disk.diskId(),
                        disk.key().text(),
                        disk.source(),
                        disk.target().text())
                .params(disk.state().text(), disk.mode().text(), disk.reason(), disk.capacityBytes())
                .param(disk.targetSizeBytes())
                .param(disk.targetIdentity().orElse(null))
                .params(disk.targetIsZero() ? 1 : 0, disk.partitions())
                .param(disk.since().map(ChangeId::text).orElse(null))
                .param(disk.changeId().map(ChangeId::text).orElse(null))
                .params(disk.mapGeneration())
                .update();
    }
}
