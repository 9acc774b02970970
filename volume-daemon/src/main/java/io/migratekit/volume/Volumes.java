package io.migratekit.volume;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that may be asked of volumes, in this process or of a daemon elsewhere: both answer the same. Safe for use by many
 * threads. Any method throws {@link VolumeException} of kind {@link VolumeException.Kind#UNAVAILABLE} where the daemon
 * or the database cannot be reached; asking again is safe.
 */
public interface Volumes {

    /**
     * Accepts a change. It is stored before this returns and happens in the background, after all operations on the same
     * volumes that were accepted before it. What makes no sense at once is refused at once; what only turns out when its
     * turn comes ends the operation as failed.
     *
     * @param key the caller's name for it, 1 to 191 characters: with the same key and request, the operation that was
     *     accepted first is returned, whatever has become of it
     * @throws VolumeException of kind REFUSED if the key was used for another request, NO_SUCH_THING, BUSY or NO_ROOM
     */
    Operation submit(String key, VolumeRequest request);

    /**
     * Returns an operation.
     *
     * @throws VolumeException of kind NO_SUCH_THING if there is none
     */
    Operation operation(OperationId id);

    /** Returns operations, newest first. */
    List<Operation> operations(OperationFilter filter);

    /**
     * Waits for the end of an operation.
     *
     * @return the operation, ended or not when the time is over
     */
    Operation await(OperationId id, Duration timeout);

    /** Returns all volumes, by name. */
    List<Volume> volumes();

    /** Returns a volume. */
    Optional<Volume> volume(VolumeId id);

    /** Returns the volumes of a VM or test failover, in the order of their ids. */
    List<Volume> volumesOf(String context);

    /** Returns the volume whose device or image in this appliance is at that path. */
    Optional<Volume> volumeAt(String devicePath);

    /** Returns exports that are pending or active, by name. */
    List<VolumeExport> exports();

    /** Returns the export of a volume that is pending or active. */
    Optional<VolumeExport> export(VolumeId id);

    /** Returns the snapshot sets of a VM, oldest first. */
    List<SnapshotSet> snapshotSets(String context);

    /**
     * Compares the ledger with what is really there.
     *
     * @param repair whether what is ours is put right; what is not ours is never touched, and nothing is ever deleted
     * @return every difference that was found
     */
    List<Difference> reconcile(boolean repair);

    /** Looks at the daemon's own state. */
    DaemonHealth health();

    /**
     * Submits and waits for the end.
     *
     * @throws VolumeException with the operation's failure, or of kind BUSY if it has not ended in time; it goes on then
     */
    default Operation perform(String key, VolumeRequest request, Duration timeout) {
        Operation ended = await(submit(key, request).id(), timeout);
        if (!ended.status().ended()) {
            throw new VolumeException(
                    VolumeException.Kind.BUSY,
                    "operation %s (%s) has not ended after %d s and goes on; look at it with 'volume operations'"
                            .formatted(ended.id(), request.type(), timeout.toSeconds()));
        }
        if (ended.status() == OperationStatus.FAILED) {
            throw new VolumeException(
                    ended.failure() == null ? VolumeException.Kind.FAILED : ended.failure(),
                    ended.error().orElse("operation %s failed".formatted(ended.id())));
        }
        return ended;
    }
}
