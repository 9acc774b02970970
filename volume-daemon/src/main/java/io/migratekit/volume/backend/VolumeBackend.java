package io.migratekit.volume.backend;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where volumes really are. Every call that changes something can be repeated after a crash at any point of it, and then
 * completes what it began: what is there already is not made again, what is gone already is not missed. Calls block until
 * the change has happened, and throw {@link VolumeException}: kind UNAVAILABLE where repeating later may help (the caller
 * repeats), FAILED where it does not and something may have been changed, any other kind where it does not and this call
 * has changed nothing. Safe for many threads; the caller sees to it that two calls never work on
 * one volume.
 */
public interface VolumeBackend {

    /** Returns the name that volumes of this back end carry in the ledger. */
    String name();

    /** Returns the size that {@link #create} would give for a wish: the same or the next larger one that is possible. */
    long roundedBytes(long sizeBytes);

    /**
     * Checks that there is room for new volumes.
     *
     * @param addedBytes what guests would see more than now
     * @throws VolumeException of kind NO_ROOM with what is there, what is needed and what to do
     */
    void checkRoom(long addedBytes);

    /** Returns how many bytes can be written at most, whatever was promised; nothing where the back end does not tell. */
    OptionalLong freeBytes();

    /**
     * Makes an empty volume with our ownership tag. All of it reads as zero.
     *
     * @param mark finds it again, whatever happened to the reply
     * @param name for people
     * @param sizeBytes rounded
     */
    BackendVolume create(Mark mark, String name, long sizeBytes, StepMemory memory);

    /** Returns the volume that a creation with this mark made, if it did. */
    Optional<BackendVolume> created(Mark mark);

    /**
     * Deletes what a creation with this mark made; nothing happens if it made nothing. What the creation asked of somebody
     * else and may still happen is waited for first.
     *
     * @param memory the creation's
     */
    default void discard(Mark mark, StepMemory memory) {
        created(mark).ifPresent(made -> delete(made.id(), memory));
    }

    /** Returns a volume. */
    Optional<BackendVolume> find(VolumeId id);

    /** Returns all volumes with our ownership tag. */
    List<BackendVolume> owned();

    /** Returns the volumes with a mark and without our tag; none where a back end makes and tags in one act. */
    default List<Untagged> untagged() {
        return List.of();
    }

    /** Deletes a volume with its content; nothing happens if it is gone. It must be ours, detached and not exported. */
    void delete(VolumeId id, StepMemory memory);

    /** Makes a volume larger; the new bytes read as zero. */
    BackendVolume resize(VolumeId id, long sizeBytes, StepMemory memory);

    /**
     * Attaches a volume, and in this appliance waits for its device and checks that it is this volume's.
     *
     * @param vmId {@link io.migratekit.volume.VolumeRequest#APPLIANCE} for this appliance
     * @param root whether it becomes device 0
     */
    Attachment attach(VolumeId id, String vmId, boolean root, StepMemory memory);

    /** Detaches a volume; nothing happens if it is attached nowhere. */
    void detach(VolumeId id, StepMemory memory);

    /**
     * Takes back a failed {@link #attach}: detaches the volume if that call has attached it, or may have. Nothing happens
     * if it had not begun to, or if a VM has the volume that it was not for: somebody else gave it that.
     *
     * @param memory that of the attachment
     */
    void unattach(VolumeId id, StepMemory memory);

    /**
     * Returns where a volume that is attached to this appliance can be opened now.
     *
     * @throws VolumeException if its device is not there, or is another volume's
     */
    Image image(VolumeId id);

    /**
     * Checks that snapshots of these volumes can be taken, before the first is.
     *
     * @throws VolumeException with the volume that stands in the way
     */
    void checkSnapshots(Collection<VolumeId> ids);

    /** Returns the format of the image that a volume goes on in once a snapshot of it has been taken. */
    Image.Format formatAfterSnapshot();

    /** Takes a snapshot of one volume, for a set. */
    void snapshot(VolumeId id, SnapshotSetId set, StepMemory memory);

    /** Puts a volume back to its snapshot, whose size it may take over; the snapshot stays. */
    void revert(VolumeId id, SnapshotSetId set, StepMemory memory);

    /** Removes a volume's snapshot; the volume keeps what it holds. Nothing happens if there is none. */
    void deleteSnapshot(VolumeId id, SnapshotSetId set, StepMemory memory);

    /**
     * Makes a new volume of a snapshot, with our ownership tag.
     *
     * @param mark finds it again
     * @param name for people
     */
    BackendVolume cloneSnapshot(VolumeId id, SnapshotSetId set, Mark mark, String name, StepMemory memory);

    /**
     * Looks whether the back end answers.
     *
     * @return what was seen, for people
     * @throws VolumeException if it does not
     */
    String check();
}
