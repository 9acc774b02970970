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
 * Puts all volumes of a set back. What a volume held is gone once it is put back, so a failure half-way cannot be undone:
 * the set stays marked as reverting, the error says which volumes are back, and the same request completes it.
 */
final class RevertVolumes extends OnSet {
    RevertVolumes(Workshop workshop, VolumeRequest.Revert request, List<VolumeId> volumes) {
        super(workshop, request.set(), volumes);
    }

    @Override
    public void check() {
        SnapshotSet found = workshop().set(set());
        if (found.state() != State.READY && found.state() != State.REVERTING) {
            throw Workshop.refused(
                    "snapshot set %s is %s, so no volume can be put back to it".formatted(set(), found.state()));
        }
        for (VolumeId id : volumes()) {
            Volume volume = workshop().volume(id);
            workshop().refuseBroken(volume);
            refuseInUse(volume, "reverted");
        }
    }

    @Override
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        steps.add(new SetState(workshop().ledger().snapshots(), set(), State.REVERTING, State.READY));
        volumes().forEach(id -> steps.add(new Back(id)));
        steps.add(new SetState(workshop().ledger().snapshots(), set(), State.READY, State.REVERTING));
        return steps;
    }

    private final class Back extends SetVolume {
        Back(VolumeId id) {
            super(RevertVolumes.this.workshop(), id);
        }

        @Override
        public String name() {
            return "revert volume " + id();
        }

        @Override
        void change(VolumeBackend backend, VolumeId volume, StepMemory memory) {
            backend.revert(volume, set(), memory);
        }

        @Override
        public boolean undoable() {
            return false;
        }
    }
}
