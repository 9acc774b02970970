package io.migratekit.volume.operation;

import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.StepMemory;
import java.util.List;

/** Deletes a volume for ever. */
final class DeleteVolume extends OnVolume {
    DeleteVolume(Workshop workshop, VolumeRequest.Delete request) {
        super(workshop, request.volume());
    }

    @Override
    public void check() {
        Volume volume = workshop().volume(id());
        workshop().refuseExported(volume, "deleted");
        workshop().refuseAttached(volume, "deleted");
        List<SnapshotSet> sets = workshop().ledger().snapshots().with(id());
        if (!sets.isEmpty()) {
            throw Workshop.refused(
                    "volume '%s' (%s) cannot be deleted while it is in snapshot set %s; delete the set first"
                            .formatted(volume.name(), id(), sets.get(0).id()));
        }
    }

    @Override
    public String name() {
        return "delete volume " + id();
    }

    @Override
    public void run(StepMemory memory) {
        workshop()
                .ledger()
                .volumes()
                .find(id())
                .ifPresent(volume -> workshop().backends().of(volume).delete(id(), memory));
    }

    @Override
    public void record(StepMemory memory) {
        workshop().ledger().volumes().remove(id());
    }

    @Override
    public boolean undoable() {
        return false; // what is deleted does not come back
    }
}
