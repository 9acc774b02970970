package io.migratekit.volume.cloudstack;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.backend.VolumeBackend;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A cloud that is configured and could not be opened. Its volumes are there, but nobody can reach them. */
final class UnopenedCloud implements VolumeBackend {
    private final String name;
    private final RuntimeException why;

    UnopenedCloud(String name, RuntimeException why) {
        this.name = name;
        this.why = why;
    }

    private VolumeException unopened() {
        return new VolumeException(
                Kind.UNAVAILABLE,
                "back end '%s' could not be opened when the volume daemon started: %s; put that right, then restart the daemon"
                        .formatted(name, why.getMessage()),
                why);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long roundedBytes(long sizeBytes) {
        throw unopened();
    }

    @Override
    public void checkRoom(long addedBytes) {
        throw unopened();
    }

    @Override
    public OptionalLong freeBytes() {
        return OptionalLong.empty();
    }

    @Override
    public BackendVolume create(Mark mark, String volume, long sizeBytes, StepMemory memory) {
        throw unopened();
    }

    @Override
    public Optional<BackendVolume> created(Mark mark) {
        throw unopened();
    }

    @Override
    public Optional<BackendVolume> find(VolumeId id) {
        throw unopened();
    }

    @Override
    public List<BackendVolume> owned() {
        throw unopened();
    }

    @Override
    public void delete(VolumeId id, StepMemory memory) {
        throw unopened();
    }

    @Override
    public BackendVolume resize(VolumeId id, long sizeBytes, StepMemory memory) {
        throw unopened();
    }

    @Override
    public Attachment attach(VolumeId id, String vmId, boolean root, StepMemory memory) {
        throw unopened();
    }

    @Override
    public void detach(VolumeId id, StepMemory memory) {
        throw unopened();
    }

    @Override
    public void unattach(VolumeId id, StepMemory memory) {
        throw unopened();
    }

    @Override
    public Image image(VolumeId id) {
        throw unopened();
    }

    @Override
    public void checkSnapshots(Collection<VolumeId> ids) {
        throw unopened();
    }

    @Override
    public Image.Format formatAfterSnapshot() {
        return Image.Format.RAW;
    }

    @Override
    public void snapshot(VolumeId id, SnapshotSetId set, StepMemory memory) {
        throw unopened();
    }

    @Override
    public void revert(VolumeId id, SnapshotSetId set, StepMemory memory) {
        throw unopened();
    }

    @Override
    public void deleteSnapshot(VolumeId id, SnapshotSetId set, StepMemory memory) {
        throw unopened();
    }

    @Override
    public BackendVolume cloneSnapshot(VolumeId id, SnapshotSetId set, Mark mark, String volume, StepMemory memory) {
        throw unopened();
    }

    @Override
    public String check() {
        throw unopened();
    }
}
