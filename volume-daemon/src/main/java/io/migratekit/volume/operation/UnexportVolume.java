package io.migratekit.volume.operation;

import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.StepMemory;

/** Ends the export of a volume. */
final class UnexportVolume extends OnVolume {
    UnexportVolume(Workshop workshop, VolumeRequest.Unexport request) {
        super(workshop, request.volume());
    }

    @Override
    public void check() {
        Volume volume = workshop().volume(id());
        if (workshop().ledger().exports().openOf(id()).isEmpty()) {
            throw Workshop.refused(
                    "volume '%s' (%s) is not exported; there is nothing to end".formatted(volume.name(), id()));
        }
    }

    @Override
    public String name() {
        return "end the export of volume " + id();
    }

    @Override
    public void run(StepMemory memory) {
        workshop()
                .ledger()
                .exports()
                .openOf(id())
                .forEach(export -> workshop().engine().remove(export.name()));
    }

    @Override
    public void record(StepMemory memory) {
        workshop()
                .ledger()
                .exports()
                .openOf(id())
                .forEach(export -> workshop().ledger().exports().ended(export.name()));
    }

    @Override
    public boolean undoable() {
        return false; // a writer that is locked out stays out
    }
}
