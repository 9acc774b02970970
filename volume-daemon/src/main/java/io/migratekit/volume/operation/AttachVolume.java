package io.migratekit.volume.operation;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.StepMemory;

/** Attaches a volume to a VM. */
final class AttachVolume extends OnVolume {
    private final VolumeRequest.Attach request;

    AttachVolume(Workshop workshop, VolumeRequest.Attach request) {
        super(workshop, request.volume());
        this.request = request;
    }

    @Override
    public void check() {
        Volume volume = workshop().volume(id());
        workshop().refuseBroken(volume);
        workshop().refuseAttached(volume, "attached");
    }

    @Override
    public String name() {
        return "attach volume %s to VM %s%s".formatted(id(), request.vmId(), request.root() ? " as root" : "");
    }

    @Override
    public void run(StepMemory memory) {
        Attachment at = workshop().backend(id()).attach(id(), request.vmId(), request.root(), memory);
        new AttachmentMemory(memory).put(at);
    }

    @Override
    public void record(StepMemory memory) {
        Attachment at = new AttachmentMemory(memory).get().orElseThrow();
        workshop().ledger().volumes().attached(id(), at);
    }

    @Override
    public void undo(StepMemory memory) {
        workshop().backend(id()).detach(id(), memory);
    }
}
