package io.migratekit.volume.local;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.backend.VolumeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Volumes as image files in a folder of this machine. One process uses a pool at a time; it keeps nothing in memory, so
 * what is told is what is there. Calls need no step memory: what was begun is seen in the pool. Besides what the port
 * says: volumes of other installations in the pool are found and refused; a damaged one is left out of {@link #owned},
 * told of by {@link #check}, and ends any call that names it as FAILED; none of those is ever removed.
 */
public final class LocalBackend implements VolumeBackend, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalBackend.class);

    private final Pool pool;
    private final PoolLock lock;
    private final QemuImg qemuImg;
    private final Room room;
    private final Changes changes;
    private final Creation creation;
    private final Attachments attachments;
    private final Snapshots snapshots;
    private final Removal removal;
    private final Sizes sizes;
    private final Calls calls;
    private final PoolMarker marker;
    private final Descriptions descriptions;
    private final PoolReport report;

    /** Held from looking at what is free, of room or device numbers, until it is taken. */
    private final Object taking = new Object();

    LocalBackend(LocalSettings settings, Disk disk) throws IOException {
        pool = new Pool(settings.pool());
        Files.createDirectories(settings.pool());
        lock = PoolLock.take(settings.pool());
        qemuImg = new QemuImg(settings.tools(), disk);
        room = new Room(settings, pool);
        changes = new Changes(pool, disk, settings.installationId());
        creation = new Creation(settings, pool, disk, changes, qemuImg);
        attachments = new Attachments(pool, changes);
        snapshots = new Snapshots(pool, disk, changes, qemuImg, creation, room);
        removal = new Removal(pool, disk, changes, snapshots);
        sizes = new Sizes(pool, disk, changes, qemuImg, room);
        calls = new Calls(pool, lock);
        marker = new PoolMarker(pool, disk);
        descriptions = new Descriptions(pool, attachments, settings.installationId());
        report = new PoolReport(pool, room, qemuImg, settings.installationId());
    }

    /**
     * Opens a pool, and keeps other processes out of it until it is closed.
     *
     * @throws VolumeException of kind BUSY if another process uses it, UNAVAILABLE if the folder cannot be used
     */
    public static LocalBackend open(LocalSettings settings) {
        try {
            return new LocalBackend(settings, new RealDisk());
        } catch (IOException e) {
            throw new VolumeException(
                    VolumeException.Kind.UNAVAILABLE,
                    "the pool %s cannot be used: %s. Look at the folder, its owner and its file system (migratekit.volumes.pool)"
                            .formatted(settings.pool(), e),
                    e);
        }
    }

    @Override
    public String name() {
        return "local";
    }

    @Override
    public long roundedBytes(long sizeBytes) {
        return Sizes.rounded(sizeBytes);
    }

    @Override
    public void checkRoom(long addedBytes) {
        calls.run("measuring the room of the pool", () -> room.check(addedBytes));
    }

    @Override
    public OptionalLong freeBytes() {
        return calls.get("measuring the room of the pool", () -> OptionalLong.of(room.freeBytes()));
    }

    @Override
    public BackendVolume create(Mark mark, String name, long sizeBytes, StepMemory memory) {
        return calls.get("creating volume '%s'".formatted(name), () -> {
            Sizes.check(name, sizeBytes);
            synchronized (taking) {
                Optional<StoredVolume> made = creation.made(mark);
                if (made.isEmpty()) {
                    room.check(sizeBytes);
                }
                return descriptions.of(made.isPresent() ? made.get() : creation.empty(mark, name, sizeBytes));
            }
        });
    }

    @Override
    public Optional<BackendVolume> created(Mark mark) {
        return calls.get("looking for what " + mark + " created", () -> descriptions.ofAny(creation.made(mark)));
    }

    @Override
    public Optional<BackendVolume> find(VolumeId id) {
        return calls.get("looking at volume " + id, () -> descriptions.ofAny(pool.load(id)));
    }

    @Override
    public List<BackendVolume> owned() {
        return calls.get("listing the volumes of the pool", descriptions::ofOurs);
    }

    @Override
    public void delete(VolumeId id, StepMemory memory) {
        calls.run("deleting volume " + id, () -> removal.remove(id));
    }

    @Override
    public BackendVolume resize(VolumeId id, long sizeBytes, StepMemory memory) {
        return calls.get("making volume %s larger".formatted(id), () -> {
            synchronized (taking) {
                return descriptions.of(sizes.grow(id, sizeBytes));
            }
        });
    }

    @Override
    public Attachment attach(VolumeId id, String vmId, boolean root, StepMemory memory) {
        return calls.get("attaching volume " + id, () -> {
            synchronized (taking) {
                return attachments
                        .of(attachments.attach(id, vmId, root, memory))
                        .orElseThrow(() -> new IllegalStateException("volume %s is attached now".formatted(id)));
            }
        });
    }

    @Override
    public void detach(VolumeId id, StepMemory memory) {
        calls.run("detaching volume " + id, () -> {
            if (pool.exists(id)) {
                detach(changes.begin(id));
            }
        });
    }

    @Override
    public void unattach(VolumeId id, StepMemory memory) {
        calls.run("detaching volume %s again".formatted(id), () -> {
            if (pool.exists(id) && Attachments.isOurs(changes.owned(id), memory)) {
                detach(changes.begin(id));
            }
        });
    }

    private void detach(StoredVolume volume) throws IOException {
        if (volume.attachment().isPresent()) {
            snapshots.checkIdle(volume);
            changes.store(volume.withAttachment(Optional.empty()));
        }
    }

    @Override
    public Image image(VolumeId id) {
        return calls.get("opening volume " + id, () -> {
            StoredVolume volume = changes.owned(id);
            if (volume.attachment().filter(StoredAttachment::inAppliance).isEmpty()) {
                throw Refused.because("volume %s ('%s') is not attached to this appliance; attach it first"
                        .formatted(id, volume.name()));
            }
            pool.sizeBytes(volume); // proves that the image is there and of its format
            return new Image(pool.activeImage(volume), volume.activeImage().format());
        });
    }

    @Override
    public void checkSnapshots(Collection<VolumeId> ids) {
        calls.run("looking whether snapshots are possible", () -> snapshots.check(List.copyOf(ids)));
    }

    @Override
    public Image.Format formatAfterSnapshot() {
        return Image.Format.QCOW2;
    }

    @Override
    public void snapshot(VolumeId id, SnapshotSetId set, StepMemory memory) {
        calls.run("taking a snapshot of volume " + id, () -> snapshots.take(id, set));
    }

    @Override
    public void revert(VolumeId id, SnapshotSetId set, StepMemory memory) {
        calls.run("reverting volume %s to %s".formatted(id, set), () -> snapshots.revert(id, set));
    }

    @Override
    public void deleteSnapshot(VolumeId id, SnapshotSetId set, StepMemory memory) {
        calls.run("removing a snapshot of volume " + id, () -> {
            if (pool.exists(id)) {
                snapshots.delete(id, set);
            }
        });
    }

    @Override
    public BackendVolume cloneSnapshot(VolumeId id, SnapshotSetId set, Mark mark, String name, StepMemory memory) {
        return calls.get("cloning volume " + id, () -> {
            synchronized (taking) {
                return descriptions.of(snapshots.clone(id, set, mark, name));
            }
        });
    }

    @Override
    public String check() {
        return calls.get("looking at the pool", report::text);
    }

    /** Returns where it is. */
    public Path folder() {
        return pool.folder();
    }

    /** Returns the id that the pool carries; empty if it has none yet. */
    public Optional<String> poolId() {
        return calls.get("reading the id of the pool", marker::read);
    }

    /**
     * Gives the pool an id, in place of an earlier one; durable on return.
     *
     * @param poolId 1 to 64 characters
     */
    public void mark(String poolId) {
        calls.run("marking the pool", () -> marker.write(poolId));
    }

    /** Lets other processes use the pool. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            log.warn("the lock of the pool {} was not given up cleanly", pool.folder(), e);
        }
    }
}
