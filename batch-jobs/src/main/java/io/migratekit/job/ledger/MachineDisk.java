package io.migratekit.job.ledger;

import io.migratekit.job.TargetRef;
import io.migratekit.source.ChangeId;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceRef;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A disk of a machine and the target that belongs to it.
 *
 * @param id identity in our database
 * @param key identity within the machine
 * @param source where it is read
 * @param target where it is written; empty until the first replication has made a volume for it, and once a one-off
 *     copy is done
 * @param targetSizeBytes the target's size as last seen; another size means another volume
 * @param targetIdentity which image file or volume the target was at the last restore point, where that could be told
 * @param targetStore the file system on which the target image was last seen
 * @param targetLost whether the target that held the last restore point was lost since, so that there is no change id
 * @param capacityBytes the disk's size at the last restore point
 * @param changeId the moment of the last restore point, if the source has such ids
 */
public record MachineDisk(
        long id,
        DiskKey key,
        SourceRef source,
        Optional<TargetRef> target,
        OptionalLong targetSizeBytes,
        Optional<String> targetIdentity,
        Optional<String> targetStore,
        boolean targetLost,
        OptionalLong capacityBytes,
        Optional<ChangeId> changeId) {

    /** Returns the disk with another target. */
    public MachineDisk on(TargetRef other) {
        return new MachineDisk(
                id,
                key,
                source,
                Optional.of(other),
                targetSizeBytes,
                targetIdentity,
                Optional.empty(),
                targetLost,
                capacityBytes,
                changeId);
    }
}
