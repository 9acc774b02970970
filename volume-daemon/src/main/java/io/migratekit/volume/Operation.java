package io.migratekit.volume;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One change of volumes and how far it is.
 *
 * @param id given when it was accepted
 * @param key the caller's; asking again with the same key gives this operation again
 * @param request what was asked
 * @param status how it is
 * @param volumes the volumes that it works on, made or touched, as far as they are known yet
 * @param snapshotSet the set that it works on
 * @param export the export that it made
 * @param steps what was done, in order
 * @param failure who can help, if it failed
 * @param error what, which and what next, if it failed
 * @param createdAt when it was accepted
 * @param completedAt when it ended
 */
public record Operation(
        OperationId id,
        String key,
        VolumeRequest request,
        OperationStatus status,
        List<VolumeId> volumes,
        Optional<SnapshotSetId> snapshotSet,
        Optional<VolumeExport> export,
        List<Step> steps,
        VolumeException.@Nullable Kind failure,
        Optional<String> error,
        Instant createdAt,
        Optional<Instant> completedAt) {

    /**
     * One step of an operation, repeatable after a crash.
     *
     * @param name what it does
     * @param state how it is
     */
    public record Step(String name, State state) {
        /** How a step is. */
        public enum State {
            /** Begun; whether it took effect is unknown until it is repeated. */
            STARTED,
            /** It took effect. */
            COMPLETED,
            /** It took effect and was undone, or never took effect. */
            UNDONE,
            /** It could not be undone; the operation's error says what is left. */
            LEFT
        }
    }

    public Operation {
        volumes = List.copyOf(volumes);
        steps = List.copyOf(steps);
    }

    /** Returns the one volume that it works on. */
    public VolumeId volume() {
        if (volumes.size() != 1) {
            throw new IllegalStateException("operation %s works on %d volumes".formatted(id, volumes.size()));
        }
        return volumes.get(0);
    }
}
