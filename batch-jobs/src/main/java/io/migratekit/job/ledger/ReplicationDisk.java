package io.migratekit.job.ledger;

import io.migratekit.job.Mode;
import io.migratekit.job.TargetRef;
import io.migratekit.source.ChangeId;
import io.migratekit.source.DiskKey;
import io.migratekit.source.extent.ChangeMap;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/**
 * One disk of one replication, as decided when it was prepared and planned.
 *
 * @param diskId the disk's identity in our database
 * @param key identity within the machine
 * @param source where it is read, as a person wrote it
 * @param target where it is written
 * @param state how far it is
 * @param mode FULL or INCREMENTAL
 * @param reason why this mode
 * @param capacityBytes the source's size at the snapshot
 * @param targetSizeBytes the target's size, at least as large
 * @param targetIdentity which image file the target is, where that can be told
 * @param targetIsZero every byte of the target was proven or claimed to be zero before this job
 * @param partitions how many ranges may be copied side by side
 * @param since what an incremental replication goes on from
 * @param changeId the snapshot's own moment, if the source has such ids
 * @param mapGeneration which change map; another snapshot has another one
 * @param rest what blocks outside the map are; empty until it is planned
 * @param dataBytes what has to be read
 */
public record ReplicationDisk(
        long diskId,
        DiskKey key,
        String source,
        TargetRef target,
        State state,
        Mode mode,
        String reason,
        long capacityBytes,
        long targetSizeBytes,
        Optional<String> targetIdentity,
        boolean targetIsZero,
        int partitions,
        Optional<ChangeId> since,
        Optional<ChangeId> changeId,
        int mapGeneration,
        Optional<ChangeMap.Rest> rest,
        long dataBytes) {

    /** How far a disk is. */
    public enum State {
        /** Mode and target are decided. */
        PREPARED,
        /** The change map is stored and covers the disk. */
        PLANNED,
        /** Its moment is promoted. */
        PROMOTED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns the same disk before it is planned, copied in another mode than was decided, from nothing earlier. */
    public ReplicationDisk instead(Mode otherMode, String otherReason) {
        return new ReplicationDisk(
                diskId,
                key,
                source,
                target,
                State.PREPARED,
                otherMode,
                otherReason,
                capacityBytes,
                targetSizeBytes,
                targetIdentity,
                targetIsZero,
                partitions,
                Optional.empty(),
                changeId,
                mapGeneration,
                Optional.empty(),
                0);
    }

    static ReplicationDisk of(ResultSet row, int number) throws SQLException {
        return new ReplicationDisk(
                row.getLong("vm_disk_id"),
                new DiskKey(row.getString("disk_key")),
                row.getString("source_ref"),
                new TargetRef(row.getString("target_ref")),
                State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                Mode.of(row.getString("sync_type")),
                row.getString("mode_reason"),
                row.getLong("capacity_bytes"),
                row.getLong("target_size_bytes"),
                Optional.ofNullable(row.getString("target_identity")),
                row.getBoolean("target_is_zero"),
                row.getInt("partitions"),
                Optional.ofNullable(row.getString("previous_change_id")).map(ChangeId::new),
                Optional.ofNullable(row.getString("change_id")).map(ChangeId::new),
                row.getInt("map_generation"),
                Optional.ofNullable(row.getString("rest_kind")).map(ChangeMap.Rest::valueOf),
                row.getLong("data_bytes"));
    }
}
