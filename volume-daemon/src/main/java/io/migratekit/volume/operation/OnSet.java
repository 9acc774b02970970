package io.migratekit.volume.operation;

import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is done to all volumes of a snapshot set. */
abstract class OnSet implements Procedure {
    private final Workshop workshop;
    private final SnapshotSetId set;
    private final List<VolumeId> volumes;

    OnSet(Workshop workshop, SnapshotSetId set, List<VolumeId> volumes) {
        this.workshop = workshop;
        this.set = set;
        this.volumes = List.copyOf(volumes);
    }

    final Workshop workshop() {
        return workshop;
    }

    final SnapshotSetId set() {
        return set;
    }

    final List<VolumeId> volumes() {
        return volumes;
    }

    @Override
    public final Set<String> alone() {
        Set<String> keys = new LinkedHashSet<>();
        keys.add(Workshop.key(set));
        volumes.forEach(id -> keys.add(Workshop.key(id)));
        return keys;
    }

    /**
     * Refuses a volume that somebody may be writing to: while it is exported, or another VM has it.
     *
     * @param what is to be done to it, as in "reverted"
     */
    final void refuseInUse(Volume volume, String what) {
        workshop.refuseExported(volume, what);
        workshop.refuseElsewhere(volume, what);
    }
}
