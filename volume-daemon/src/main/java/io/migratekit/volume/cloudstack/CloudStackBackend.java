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
import io.migratekit.volume.backend.Untagged;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.cloudstack.api.ApiCommand;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Volumes of one account in one zone. */
final class CloudStackBackend implements VolumeBackend {
    private final CloudAccount account;
    private final CloudVolumes volumes;
    private final CloudSnapshots snapshots;
    private final CloudCatalog catalog;
    private final ApplianceVm appliance;
    private final Attachments attachments;

    CloudStackBackend(
            CloudAccount account,
            CloudVolumes volumes,
            CloudSnapshots snapshots,
            CloudCatalog catalog,
            ApplianceVm appliance,
            Attachments attachments) {
        this.account = account;
        this.volumes = volumes;
        this.snapshots = snapshots;
        this.catalog = catalog;
        this.appliance = appliance;
        this.attachments = attachments;
    }

    @Override
    public String name() {
        return account.backendName();
    }

    @Override
    public long roundedBytes(long sizeBytes) {
        return WholeGib.bytes(sizeBytes);
    }

    @Override
    public void checkRoom(long addedBytes) {
        if (addedBytes > 0) {
            catalog.checkRoom(WholeGib.of(addedBytes));
        }
    }

    @Override
    public OptionalLong freeBytes() {
        OptionalLong gib = catalog.leftGib();
        return gib.isPresent() ? OptionalLong.of(Math.multiplyExact(gib.getAsLong(), 1L << 30)) : gib;
    }

    @Override
    public BackendVolume create(Mark mark, String name, long sizeBytes, StepMemory memory) {
        ApiCommand command = ApiCommand.of("createVolume")
                .with("name", MarkedName.of(name, mark))
                .with("zoneid", account.zoneId().text())
                .with("diskofferingid", account.diskOfferingId().text())
                .with("size", WholeGib.of(sizeBytes));
        CloudVolume volume = volumes.make(mark, command, made -> !made.underway() && !made.broken(), memory);
        if (volume.sizeBytes() != WholeGib.bytes(sizeBytes)) {
            throw new VolumeException(
                    Kind.FAILED,
                    "volume %s was made with %d bytes where %d were asked for; the disk offering %s fixes the size, choose one that leaves it open"
                            .formatted(volume.id(), volume.sizeBytes(), sizeBytes, account.diskOfferingId()));
        }
        return shown(volume);
    }

    @Override
    public Optional<BackendVolume> created(Mark mark) {
        // Whoever was cut between making and tagging left it without the tag; its mark proves that it is ours.
        return volumes.marked(mark)
                .map(volume -> volume.owned() ? volume : volumes.tag(volume, new Forgetful()))
                .map(this::shown);
    }

    @Override
    public void discard(Mark mark, StepMemory memory) {
        if (volumes.marked(mark).isEmpty()) {
            volumes.outwaitCreation(memory);
        }
        for (CloudVolume made : volumes.allMarked(mark)) {
            delete((made.owned() ? made : volumes.tag(made, new Forgetful())).id(), memory);
        }
    }

    @Override
    public List<Untagged> untagged() {
        return volumes.untagged().stream()
                .map(volume -> new Untagged(
                        volume.id(),
                        MarkedName.mark(volume.name()).orElseThrow(),
                        MarkedName.unmarked(volume.name()),
                        volume.sizeBytes()))
                .toList();
    }

    @Override
    public Optional<BackendVolume> find(VolumeId id) {
        return volumes.find(id).map(this::shown);
    }

    @Override
    public List<BackendVolume> owned() {
        Map<String, Set<SnapshotSetId>> sets = snapshots.sets();
        return volumes.owned().stream()
                .map(volume -> shown(volume, sets.getOrDefault(volume.id().text(), Set.of())))
                .toList();
    }

    @Override
    public void delete(VolumeId id, StepMemory memory) {
        Optional<CloudVolume> found = volumes.find(id);
        if (found.isEmpty()) {
            return;
        }
        volumes.checkOurs(found.get());
        found.get().vmId().ifPresent(vm -> {
            throw new VolumeException(
                    Kind.REFUSED,
                    "volume %s is attached to VM %s, so it cannot be deleted; detach it first".formatted(id, vm));
        });
        volumes.delete(id, memory);
    }

    @Override
    public BackendVolume resize(VolumeId id, long sizeBytes, StepMemory memory) {
        long wantedBytes = WholeGib.bytes(sizeBytes);
        CloudVolume volume = volumes.ours(id);
        if (volume.sizeBytes() > wantedBytes) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "volume %s has %d bytes and cannot be cut to %d; volumes only grow"
                            .formatted(id, volume.sizeBytes(), wantedBytes));
        }
        CloudVolume grown = volumes.grow(id, wantedBytes, memory);
        attachments.awaitDevice(grown);
        return shown(grown);
    }

    @Override
    public Attachment attach(VolumeId id, String vmId, boolean root, StepMemory memory) {
        return attachments.attach(volumes.ours(id), vmId, root, memory);
    }

    @Override
    public void detach(VolumeId id, StepMemory memory) {
        Optional<CloudVolume> volume = volumes.find(id);
        if (volume.isPresent()) {
            volumes.checkOurs(volume.get());
            attachments.detach(id, memory);
        }
    }

    @Override
    public void unattach(VolumeId id, StepMemory memory) {
        Optional<CloudVolume> volume = volumes.find(id);
        if (volume.isPresent() && attachments.mayBeOurs(volume.get(), memory)) {
            volumes.checkOurs(volume.get());
            attachments.detach(id, memory);
        }
    }

    @Override
    public Image image(VolumeId id) {
        return new Image(attachments.device(volumes.ours(id)), Image.Format.RAW);
    }

    @Override
    public void checkSnapshots(Collection<VolumeId> ids) {
        for (VolumeId id : ids) {
            CloudVolume volume = volumes.ours(id);
            if (!volume.stored()) {
                throw new VolumeException(
                        Kind.REFUSED,
                        "volume %s is in state '%s', and CloudStack takes snapshots of volumes in state 'Ready' only; attach it once, or wait"
                                .formatted(id, volume.state()));
            }
        }
    }

    @Override
    public Image.Format formatAfterSnapshot() {
        return Image.Format.RAW;
    }

    @Override
    public void snapshot(VolumeId id, SnapshotSetId set, StepMemory memory) {
        volumes.ours(id);
        snapshots.take(id, set, memory);
    }

    @Override
    public void revert(VolumeId id, SnapshotSetId set, StepMemory memory) {
        attachments.withoutAttachment(volumes.ours(id), memory, () -> snapshots.revert(id, set, memory));
    }

    @Override
    public void deleteSnapshot(VolumeId id, SnapshotSetId set, StepMemory memory) {
        volumes.find(id).ifPresent(volumes::checkOurs);
        snapshots.delete(id, set, memory);
    }

    @Override
    public BackendVolume cloneSnapshot(VolumeId id, SnapshotSetId set, Mark mark, String name, StepMemory memory) {
        ApiCommand command = ApiCommand.of("createVolume")
                .with("name", MarkedName.of(name, mark))
                .with("zoneid", account.zoneId().text())
                .with("snapshotid", snapshots.required(id, set));
        return shown(volumes.make(mark, command, CloudVolume::stored, memory));
    }

    @Override
    public String check() {
        String what = catalog.check(account.zoneId(), account.diskOfferingId());
        return "%s; this appliance is VM %s".formatted(what, appliance.id());
    }

    private BackendVolume shown(CloudVolume volume) {
        return shown(volume, snapshots.setsOf(volume.id()));
    }

    private BackendVolume shown(CloudVolume volume, Set<SnapshotSetId> sets) {
        return new BackendVolume(
                volume.id(),
                MarkedName.unmarked(volume.name()),
                volume.sizeBytes(),
                volume.owned(),
                attachments.of(volume),
                sets);
    }
}
