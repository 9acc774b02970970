package io.migratekit.volume.operation;

import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.backend.VolumeBackend;

/** Makes a volume larger. */
final class ResizeVolume extends OnVolume {
    private static final String BYTES = "bytes";

    private final VolumeRequest.Resize request;

    ResizeVolume(Workshop workshop, VolumeRequest.Resize request) {
        super(workshop, request.volume());
        this.request = request;
    }

    @Override
    public void check() {
        Volume volume = workshop().volume(id());
        workshop().refuseBroken(volume);
        workshop().refuseExported(volume, "resized");
        workshop().refuseElsewhere(volume, "resized");
        VolumeBackend backend = workshop().backends().of(volume);
        long addedBytes = backend.roundedBytes(request.sizeBytes()) - volume.sizeBytes();
        if (addedBytes < 0) {
            throw Workshop.refused("volume '%s' (%s) has %d bytes and cannot shrink to %d; a volume only grows"
                    .formatted(volume.name(), id(), volume.sizeBytes(), request.sizeBytes()));
        }
        backend.checkRoom(addedBytes);
    }

    @Override
    public String name() {
        return "resize volume %s to %d bytes".formatted(id(), request.sizeBytes());
    }

    @Override
    public void run(StepMemory memory) {
        VolumeBackend backend = workshop().backend(id());
        long sizeBytes = backend.resize(id(), backend.roundedBytes(request.sizeBytes()), memory)
                .sizeBytes();
        memory.put(BYTES, Long.toString(sizeBytes));
    }

    @Override
    public void record(StepMemory memory) {
        workshop()
                .ledger()
                .volumes()
                .resized(id(), Long.parseLong(memory.get(BYTES).orElseThrow()));
    }

    @Override
    public boolean undoable() {
        return false; // a volume cannot shrink; one that is larger than the ledger says is found by reconcile
    }
}
