package io.migratekit.volume.operation;

import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.backend.VolumeBackend;

/**
 * A step on one volume of a set, after which the volume's device may be at another path: a local volume goes on in
 * another image.
 */
abstract class SetVolume implements Step {
    private final Workshop workshop;
    private final VolumeId id;

    SetVolume(Workshop workshop, VolumeId id) {
        this.workshop = workshop;
        this.id = id;
    }

    /** Changes the volume at its back end. */
    abstract void change(VolumeBackend backend, VolumeId volume, StepMemory memory);

    final VolumeId id() {
        return id;
    }

    @Override
    public final void run(StepMemory memory) {
        change(workshop.backend(id), id, memory);
        noteDevice(memory);
    }

    @Override
    public void record(StepMemory memory) {
        new AttachmentMemory(memory)
                .get()
                .ifPresent(at -> workshop.ledger().volumes().attached(id, at));
    }

    @Override
    public final void recordUndo(StepMemory memory) {
        record(memory);
    }

    /** Remembers where the volume is now, if it is attached. */
    final void noteDevice(StepMemory memory) {
        Volume volume = workshop.volume(id);
        if (volume.attachment().isPresent()) {
            workshop.backends()
                    .of(volume)
                    .find(id)
                    .flatMap(BackendVolume::attachment)
                    .ifPresent(new AttachmentMemory(memory)::put);
        }
    }

    /** Writes into the ledger that replications must not go on from what the volume held. */
    final void recordChange() {
        workshop.ledger().volumes().changed(id);
    }

    final VolumeBackend backend() {
        return workshop.backend(id);
    }
}
