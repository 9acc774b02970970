package io.migratekit.volume.operation;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.StepMemory;
import java.util.List;
import java.util.Set;

/** Attaches a volume to a VM. */
final class AttachVolume implements Procedure, Step {
    private final Workshop workshop;
    private final VolumeRequest.Attach request;

    AttachVolume(Workshop workshop, VolumeRequest.Attach request) {
        this.workshop = workshop;
        this.request = request;
    }

    @Override
    public Set<String> alone() {
        return Set.of(Workshop.key(request.volume()));
    }

    @Override
    public void check() {
        Volume volume = workshop.volume(request.volume());
        workshop.refuseBroken(volume);
        workshop.refuseAttached(volume, "attached");
    }

    @Override
    public List<Step> steps() {
        return List.of(this);
    }

    @Override
    public String name() {
        return "attach volume %s to VM %s%s"
                .formatted(request.volume(), request.vmId(), request.root() ? " as root" : "");
    }

    @Override
    public void run(StepMemory memory) {
        Attachment at =
                workshop.backend(request.volume()).attach(request.volume(), request.vmId(), request.root(), memory);
        new AttachmentMemory(memory).put(at);
    }

    @Override
    public void record(StepMemory memory) {
        Attachment at = new AttachmentMemory(memory).get().orElseThrow();
        workshop.ledger().volumes().attached(request.volume(), at);
    }

    @Override
    public void undo(StepMemory memory) {
        workshop.backend(request.volume()).unattach(request.volume(), memory);
    }
}
