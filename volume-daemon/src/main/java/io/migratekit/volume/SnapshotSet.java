package io.migratekit.volume;

import java.time.Instant;
import java.util.List;

/**
 * Snapshots of all volumes of a VM, taken while nobody wrote.
 *
 * @param id names it
 * @param context whose volumes
 * @param state whether all snapshots are there
 * @param volumes which volumes are in it, in the order of their ids
 * @param createdAt when it was complete, or begun
 */
public record SnapshotSet(SnapshotSetId id, String context, State state, List<VolumeId> volumes, Instant createdAt) {

    /** How a set is. */
    public enum State {
        /** An operation is making it. */
        CREATING,
        /** All snapshots are there. */
        READY,
        /** A revert to it has begun and not ended: until it is repeated, volumes hold a mixture of moments. */
        REVERTING,
        /** An operation is removing it, or began to. */
        DELETING
    }

    public SnapshotSet {
        volumes = List.copyOf(volumes);
    }
}
