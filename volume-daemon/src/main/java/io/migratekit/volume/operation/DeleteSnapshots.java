package io.migratekit.volume.operation;

import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.SnapshotSet.State;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.backend.VolumeBackend;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes the snapshots of a set. A snapshot that is gone does not come back: after a failure half-way the set stays
 * marked as deleting, and the same request completes it.
 */
final class DeleteSnapshots extends OnSet {
    DeleteSnapshots(Workshop workshop, VolumeRequest.DeleteSnapshots request, List<VolumeId> volumes) {
        super(workshop, request.set(), volumes);
    }

    @Override
    public void check() {
        SnapshotSet found = workshop().set(set());
        if (found.state() == State.REVERTING) {
            throw Workshop.refused(
                    "snapshot set %s is needed to complete a revert that has begun; revert to it again first"
                            .formatted(set()));
        }
        List<Volume> clones = workshop().ledger().volumes().clonesOf(set());
        if (!clones.isEmpty()) {
            throw Workshop.refused(
                    "snapshot set %s cannot be deleted while volume '%s' (%s), cloned from it, exists; delete that first"
                            .formatted(
                                    set(), clones.get(0).name(), clones.get(0).id()));
        }
        for (VolumeId id : volumes()) {
            Volume volume = workshop().volume(id);
            refuseInUse(volume, "freed of a snapshot");
        }
    }

    @Override
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        steps.add(new SetState(workshop().ledger().snapshots(), set(), State.DELETING, State.READY));
        volumes().forEach(id -> steps.add(new Remove(id)));
        steps.add(new Forget());
        return steps;
    }

    private final class Remove extends SetVolume {
        Remove(VolumeId id) {
            super(DeleteSnapshots.this.workshop(), id);
        }

        @Override
        public String name() {
            return "delete the snapshot of volume " + id();
        }

        @Override
        void change(VolumeBackend backend, VolumeId volume, StepMemory memory) {
            backend.deleteSnapshot(volume, set(), memory);
        }

        @Override
        public boolean undoable() {
            return false;
        }
    }

    private final class Forget implements Step {
        @Override
        public String name() {
            return "forget snapshot set " + set();
        }

        @Override
        public void run(StepMemory memory) {}

        @Override
        public void record(StepMemory memory) {
            workshop().ledger().snapshots().remove(set());
        }
    }
}
