package io.migratekit.volume.operation;

import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.VolumeState;
import io.migratekit.volume.backend.StepMemory;
import java.util.List;
import java.util.Set;

/**
 * Takes a volume in error into use again. It is an operation, since the journal has to tell that the volume was away:
 * nobody knows what happened to it meanwhile, so no replication may go on from what it held before.
 */
final class ReinstateVolume implements Procedure, Step {
    private final Workshop workshop;
    private final VolumeId id;

    ReinstateVolume(Workshop workshop, VolumeRequest.Reinstate request) {
        this.workshop = workshop;
        this.id = request.volume();
    }

    @Override
    public Set<String> alone() {
        return Set.of(Workshop.key(id));
    }

    @Override
    public void check() {
        Volume volume = workshop.volume(id);
        if (volume.state() != VolumeState.ERROR) {
            throw Workshop.refused("volume '%s' (%s) is not in error; there is nothing to take back into use"
                    .formatted(volume.name(), id));
        }
        look();
    }

    @Override
    public List<Step> steps() {
        return List.of(this);
    }

    @Override
    public String name() {
        return "take volume %s into use again".formatted(id);
    }

    @Override
    public void run(StepMemory memory) {
        look();
    }

    @Override
    public void record(StepMemory memory) {
        workshop.ledger().volumes().reinstated(id);
    }

    private void look() {
        Volume volume = workshop.volume(id);
        new Recognition(workshop)
                .obstacle(volume, workshop.backends().of(volume).find(id))
                .ifPresent(obstacle -> {
                    throw Workshop.refused("volume '%s' (%s) cannot be taken into use again: %s"
                            .formatted(volume.name(), id, obstacle));
                });
    }
}
