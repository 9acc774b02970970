package io.migratekit.volume.backend;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeId;
import java.util.Optional;
import java.util.Set;

/**
 * A volume as its back end knows it.
 *
 * @param id the back end's
 * @param name as the back end shows it to people
 * @param sizeBytes what a guest sees
 * @param owned whether it carries our ownership tag; what does not is never changed
 * @param attachment where it is attached now; in this appliance with its device, if that has appeared
 * @param snapshots the sets of which it has a snapshot
 */
public record BackendVolume(
        VolumeId id,
        String name,
        long sizeBytes,
        boolean owned,
        Optional<Attachment> attachment,
        Set<SnapshotSetId> snapshots) {
    public BackendVolume {
        snapshots = Set.copyOf(snapshots);
    }
}
