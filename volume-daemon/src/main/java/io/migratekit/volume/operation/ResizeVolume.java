package io.migratekit.volume.operation;

import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.backend.VolumeBackend;
import java.util.List;
import java.util.Set;

/** Makes a volume larger. */
final class ResizeVolume implements Procedure, Step {
    private static final String BYTES = "bytes";

    private final Workshop workshop;
    private final VolumeRequest.Resize request;
    private final VolumeId id;

    ResizeVolume(Workshop workshop, VolumeRequest.Resize request) {
        this.workshop = workshop;
        this.request = request;
        this.id = request.volume();
    }

    @Override
    public Set<String> alone() {
        return Set.of(Workshop.key(id));
    }

    @Override
    public void check() {
        Volume volume = workshop.volume(id);
        workshop.refuseBroken(volume);
        workshop.refuseExported(volume, "resized");
        workshop.refuseElsewhere(volume, "resized");
        VolumeBackend backend = workshop.backends().of(volume);
        long addedBytes = backend.roundedBytes(request.sizeBytes()) - volume.sizeBytes();
        if (addedBytes < 0) {
            throw Workshop.refused("volume '%s' (%s) has %d bytes and cannot shrink to %d; a volume only grows"
                    .formatted(volume.name(), id, volume.sizeBytes(), request.sizeBytes()));
        }
        backend.checkRoom(addedBytes);
    }

    @Override
    public List<Step> steps() {
        return List.of(this);
    }

    @Override
    public String name() {
        return "resize volume %s to %d bytes".formatted(id, request.sizeBytes());
    }

    @Override
    public void run(StepMemory memory) {
        VolumeBackend backend = workshop.backend(id);
        long sizeBytes = backend.resize(id, backend.roundedBytes(request.sizeBytes()), memory)
                .sizeBytes();
        memory.put(BYTES, Long.toString(sizeBytes));
    }

    @Override
    public void record(StepMemory memory) {
        workshop.ledger().volumes().resized(id, Long.parseLong(memory.get(BYTES).orElseThrow()));
    }

    @Override
    public boolean undoable() {
        return false; // a volume cannot shrink; one that is larger than the ledger says is found by reconcile
    }
}
