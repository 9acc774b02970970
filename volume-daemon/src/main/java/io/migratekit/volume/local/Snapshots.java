package io.migratekit.volume.local;

import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.Mark;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots are images that are not written any more; the volume goes on in an overlay. A clone is a volume whose image
 * is an overlay of another volume's snapshot.
 */
final class Snapshots {
    /** Every read may look into each image of the chain, and qemu opens them all. */
    static final int CHAIN_IMAGES_MAX = 16;

    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

    private final Pool pool;
    private final Disk disk;
    private final Changes changes;
    private final QemuImg qemuImg;
    private final Merging merging;
    private final Creation creation;
    private final Room room;

    Snapshots(Pool pool, Disk disk, Changes changes, QemuImg qemuImg, Creation creation, Room room) {
        this.pool = pool;
        this.disk = disk;
        this.changes = changes;
        this.qemuImg = qemuImg;
        this.merging = new Merging(pool, disk, changes, qemuImg, room);
        this.creation = creation;
        this.room = room;
    }

    /** Checks that these can be frozen. What they hold may then be written a second time, so there must be room for it. */
    void check(List<VolumeId> ids) throws IOException {
        List<StoredVolume> volumes = new ArrayList<>();
        for (VolumeId id : ids) {
            StoredVolume volume = changes.owned(id);
            checkPossible(volume);
            volumes.add(volume);
        }
        room.check(room.allocatedBytes(volumes));
    }

    void take(VolumeId id, SnapshotSetId set) throws IOException {
        StoredVolume volume = changes.begin(id);
        if (volume.snapshot(set).isPresent()) {
            return;
        }
        checkPossible(volume);
        disk.sync(pool.activeImage(volume));
        StoredImage overlay = overlay(volume, volume.activeImage(), pool.sizeBytes(volume));
        changes.storeMoved(volume.frozen(set, overlay));
    }

    /**
     * Goes on from a snapshot. The volume keeps its size: if it has grown since, the bytes beyond the snapshot's size
     * read as zero. What was written since is gone for good.
     */
    void revert(VolumeId id, SnapshotSetId set) throws IOException {
        StoredVolume volume = changes.begin(id);
        StoredSnapshot snapshot = existing(volume, set);
        checkIdle(volume);
        StoredImage overlay = overlay(volume, volume.image(snapshot.file()), pool.sizeBytes(volume));
        changes.storeMoved(volume.restarted(overlay));
        HalfDone.finish(() -> disk.delete(pool.activeImage(volume)));
    }

    void delete(VolumeId id, SnapshotSetId set) throws IOException {
        StoredVolume volume = changes.begin(id);
        Optional<StoredSnapshot> snapshot = volume.snapshot(set);
        if (snapshot.isPresent()) {
            qemuImg.program("the removal of a snapshot of volume %s ('%s')".formatted(id, volume.name()));
            checkNoClones(volume, List.of(snapshot.get()));
            volume = changes.store(volume.withoutSnapshot(set));
        }
        tidy(volume);
    }

    /** Only housekeeping: the snapshot is gone, whether or not this works now, and the next removal tries again. */
    private void tidy(StoredVolume volume) throws IOException {
        try {
            merging.tidy(volume);
        } catch (HalfDone | DamagedVolume e) {
            throw e;
        } catch (IOException e) {
            log.warn("volume {}: images that nobody needs any more stay for now", volume.id(), e);
        }
    }

    /** Makes a volume of a snapshot, unless a call with this mark has made it. The clone is as large as the snapshot. */
    StoredVolume clone(VolumeId id, SnapshotSetId set, Mark mark, String name) throws IOException {
        Optional<StoredVolume> made = creation.made(mark);
        if (made.isPresent()) {
            return made.get();
        }
        StoredVolume volume = changes.begin(id);
        StoredImage frozen = volume.image(existing(volume, set).file());
        qemuImg.program("a clone of volume %s ('%s')".formatted(id, volume.name()));
        checkChain(volume, frozen);
        room.check(pool.sizeBytes(volume, frozen));
        changes.store(volume.withClone(set, creation.idOf(mark), pool::exists));
        return creation.clone(mark, name, volume, frozen);
    }

    /** Checks that no volume depends on these. */
    void checkNoClones(StoredVolume volume, List<StoredSnapshot> snapshots) {
        for (StoredSnapshot snapshot : snapshots) {
            List<VolumeId> clones = pool.living(snapshot);
            if (!clones.isEmpty()) {
                throw Refused.because("%s of volume %s ('%s') is what these clones are made of: %s; delete them first"
                        .formatted(snapshot.set(), volume.id(), volume.name(), clones));
            }
        }
    }

    /** Checks that no process of qemu's writes a volume, which would go on in an image that is frozen or gone by then. */
    void checkIdle(StoredVolume volume) throws IOException {
        if (qemuImg.inUse(pool.activeImage(volume), volume.activeImage().format())) {
            throw new VolumeException(
                    VolumeException.Kind.BUSY,
                    "volume %s ('%s') is being written by another process, a VM or an export; end that first"
                            .formatted(volume.id(), volume.name()));
        }
    }

    private void checkPossible(StoredVolume volume) throws IOException {
        qemuImg.program("a snapshot of volume %s ('%s')".formatted(volume.id(), volume.name()));
        checkChain(volume, volume.activeImage());
        checkIdle(volume);
    }

    /** Checks that an image can have one more on top. */
    private void checkChain(StoredVolume volume, StoredImage top) throws IOException {
        StoredVolume owner = volume;
        StoredImage image = top;
        for (int images = 1; images < CHAIN_IMAGES_MAX; images++) {
            if (image.parent().isEmpty()) {
                return;
            }
            StoredImage.Parent parent = image.parent().get();
            owner = parent.volume().isPresent() ? base(owner, parent.volume().get()) : owner;
            image = owner.image(parent.file());
        }
        throw Refused.because(
                ("volume %s ('%s') is a chain of %d images already, and no more are allowed, since every read may look into"
                                + " all of them; delete a snapshot set first")
                        .formatted(volume.id(), volume.name(), CHAIN_IMAGES_MAX));
    }

    private StoredVolume base(StoredVolume clone, VolumeId base) throws IOException {
        return pool.load(base)
                .orElseThrow(() -> new DamagedVolume(
                        pool,
                        clone.id(),
                        "volume %s, of which it is a clone, is gone".formatted(base),
                        new NoSuchFileException(pool.of(base).toString())));
    }

    private StoredImage overlay(StoredVolume volume, StoredImage frozen, long sizeBytes) throws IOException {
        StoredImage.Parent parent = new StoredImage.Parent(Optional.empty(), frozen.file());
        StoredImage overlay = StoredImage.over(parent);
        Path file = pool.image(volume, overlay.file());
        try {
            qemuImg.overlay(file, parent.backing(), frozen.format(), sizeBytes);
        } catch (IOException e) {
            disk.delete(file);
            throw e;
        }
        return overlay;
    }

    private static StoredSnapshot existing(StoredVolume volume, SnapshotSetId set) {
        return volume.snapshot(set)
                .orElseThrow(() -> new VolumeException(
                        VolumeException.Kind.NO_SUCH_THING,
                        "volume %s ('%s') has no snapshot of %s".formatted(volume.id(), volume.name(), set)));
    }
}
