package io.migratekit.volume.operation;

import io.migratekit.volume.VolumeId;
import java.util.List;
import java.util.Set;

/** What is done to one volume, in one step. */
abstract class OnVolume implements Procedure, Step {
    private final Workshop workshop;
    private final VolumeId id;

    OnVolume(Workshop workshop, VolumeId id) {
        this.workshop = workshop;
        this.id = id;
    }

    final Workshop workshop() {
        return workshop;
    }

    final VolumeId id() {
        return id;
    }

    @Override
    public final Set<String> alone() {
        return Set.of(Workshop.key(id));
    }

    @Override
    public final List<Step> steps() {
        return List.of(this);
    }
}
