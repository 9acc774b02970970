package io.migratekit.volume.operation;

import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.StepMemory;

/** Detaches a volume from the VM that has it. */
final class DetachVolume extends OnVolume {
    DetachVolume(Workshop workshop, VolumeRequest.Detach request) {
        super(workshop, request.volume());
    }

    @Override
    public void check() {
        Volume volume = workshop().volume(id());
        workshop().refuseExported(volume, "detached");
        if (volume.attachment().isEmpty()) {
            throw Workshop.refused("volume '%s' (%s) is attached to no VM; there is nothing to detach"
                    .formatted(volume.name(), volume.id()));
        }
    }

    @Override
    public String name() {
        return "detach volume " + id();
    }

    @Override
    public void run(StepMemory memory) {
        workshop().backend(id()).detach(id(), memory);
    }

    @Override
    public void record(StepMemory memory) {
        workshop().ledger().volumes().detached(id());
    }

    @Override
    public boolean undoable() {
        return false; // it is the last step: either it happened, or the volume is attached as before
    }
}
