package io.migratekit.volume.operation;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.backend.VolumeBackend;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Volumes in memory, as a back end has them. A volume's content is one word. */
final class MemoryBackend implements VolumeBackend {
    private final Map<VolumeId, Held> volumes = new LinkedHashMap<>();
    private final String name;
    private long roomBytes = Long.MAX_VALUE;

    MemoryBackend() {
        this("memory");
    }

    MemoryBackend(String name) {
        this.name = name;
    }

    private static final class Held {
        private final Mark mark;
        private final String name;
        private long sizeBytes;
        private boolean owned = true;
        private String content = "";
        private @Nullable Attachment attachment;
        private final Map<SnapshotSetId, String> snapshots = new LinkedHashMap<>();

        Held(Mark mark, String name, long sizeBytes) {
            this.mark = mark;
            this.name = name;
            this.sizeBytes = sizeBytes;
        }
    }

    synchronized void room(long bytes) {
        roomBytes = bytes;
    }

    synchronized void write(VolumeId id, String content) {
        held(id).content = content;
    }

    synchronized String content(VolumeId id) {
        return held(id).content;
    }

    /** Puts the ownership tag on a volume, or takes it away, behind the daemon's back. */
    synchronized void own(VolumeId id, boolean ours) {
        held(id).owned = ours;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long roundedBytes(long sizeBytes) {
        return (sizeBytes + 4095) / 4096 * 4096;
    }

    @Override
    public synchronized void checkRoom(long addedBytes) {
        if (addedBytes > roomBytes) {
            throw new VolumeException(Kind.NO_ROOM, "there is room for %d bytes".formatted(roomBytes));
        }
    }

    @Override
    public synchronized OptionalLong freeBytes() {
        return OptionalLong.of(roomBytes);
    }

    @Override
    public synchronized BackendVolume create(Mark mark, String name, long sizeBytes, StepMemory memory) {
        Optional<BackendVolume> earlier = created(mark);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        VolumeId id = VolumeId.random();
        volumes.put(id, new Held(mark, name, sizeBytes));
        return seen(id);
    }

    @Override
    public synchronized Optional<BackendVolume> created(Mark mark) {
        return volumes.entrySet().stream()
                .filter(entry -> entry.getValue().mark.equals(mark))
                .map(entry -> seen(entry.getKey()))
                .findFirst();
    }

    @Override
    public synchronized Optional<BackendVolume> find(VolumeId id) {
        return volumes.containsKey(id) ? Optional.of(seen(id)) : Optional.empty();
    }

    @Override
    public synchronized List<BackendVolume> owned() {
        return volumes.keySet().stream()
                .map(this::seen)
                .filter(BackendVolume::owned)
                .toList();
    }

    @Override
    public synchronized void delete(VolumeId id, StepMemory memory) {
        volumes.remove(id);
    }

    @Override
    public synchronized BackendVolume resize(VolumeId id, long sizeBytes, StepMemory memory) {
        held(id).sizeBytes = sizeBytes;
        return seen(id);
    }

    @Override
    public synchronized Attachment attach(VolumeId id, String vmId, boolean root, StepMemory memory) {
        boolean here = vmId.equals(VolumeRequest.APPLIANCE);
        Attachment at = new Attachment(
                vmId,
                here ? ExportMode.OMA : ExportMode.FAILOVER,
                root ? OptionalInt.of(0) : OptionalInt.empty(),
                here ? Optional.of("/memory/" + id) : Optional.empty());
        held(id).attachment = at;
        return at;
    }

    @Override
    public synchronized void detach(VolumeId id, StepMemory memory) {
        ours(id);
        held(id).attachment = null;
    }

    @Override
    public synchronized Image image(VolumeId id) {
        ours(id);
        boolean overlaid = !held(id).snapshots.isEmpty();
        return new Image(Path.of("/memory/" + id), overlaid ? formatAfterSnapshot() : Image.Format.RAW);
    }

    @Override
    public void checkSnapshots(Collection<VolumeId> ids) {}

    @Override
    public Image.Format formatAfterSnapshot() {
        return Image.Format.QCOW2;
    }

    @Override
    public synchronized void snapshot(VolumeId id, SnapshotSetId set, StepMemory memory) {
        held(id).snapshots.putIfAbsent(set, held(id).content);
    }

    @Override
    public synchronized void revert(VolumeId id, SnapshotSetId set, StepMemory memory) {
        held(id).content = String.valueOf(held(id).snapshots.get(set));
    }

    @Override
    public synchronized void deleteSnapshot(VolumeId id, SnapshotSetId set, StepMemory memory) {
        held(id).snapshots.remove(set);
    }

    @Override
    public synchronized BackendVolume cloneSnapshot(
            VolumeId id, SnapshotSetId set, Mark mark, String name, StepMemory memory) {
        Optional<BackendVolume> earlier = created(mark);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Held clone = new Held(mark, name, held(id).sizeBytes);
        clone.content = String.valueOf(held(id).snapshots.get(set));
        VolumeId made = VolumeId.random();
        volumes.put(made, clone);
        return seen(made);
    }

    @Override
    public synchronized String check() {
        return volumes.size() + " volumes in memory";
    }

    private void ours(VolumeId id) {
        if (!held(id).owned) {
            throw new VolumeException(Kind.REFUSED, "volume %s is not ours".formatted(id));
        }
    }

    private Held held(VolumeId id) {
        Held held = volumes.get(id);
        if (held == null) {
            throw new VolumeException(Kind.NO_SUCH_THING, "the back end has no volume " + id);
        }
        return held;
    }

    private BackendVolume seen(VolumeId id) {
        Held held = held(id);
        Set<SnapshotSetId> sets = new LinkedHashSet<>(held.snapshots.keySet());
        return new BackendVolume(id, held.name, held.sizeBytes, held.owned, Optional.ofNullable(held.attachment), sets);
    }
}
