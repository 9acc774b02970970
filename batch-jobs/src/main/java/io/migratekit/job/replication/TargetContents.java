package io.migratekit.job.replication;

import io.migratekit.job.TargetRef;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.daemon.VolumeHistory;
import java.util.List;
import java.util.Optional;

/**
 * Tells whether the volumes of a VM still hold what its last replication promised. What a replication would notice when it
 * starts, people who only look have to see as well: a volume that was put back is ready for nothing.
 */
public final class TargetContents {
    private final VolumeHistory history;

    public TargetContents(VolumeHistory history) {
        this.history = history;
    }

    /** Returns what happened to targets of a VM since its last restore point; nothing if it has none. */
    public List<TargetChange> changesOf(Machine machine) {
        return machine.disks().stream().flatMap(disk -> changeOf(disk).stream()).toList();
    }

    private Optional<TargetChange> changeOf(MachineDisk disk) {
        Optional<VolumeId> volume = disk.target().flatMap(TargetRef::volume);
        if (volume.isEmpty() || disk.targetIdentity().isEmpty()) {
            return Optional.empty();
        }
        boolean same = history.volume(volume.get())
                .filter(now -> disk.targetIdentity().get().equals(VolumeIdentity.of(now)))
                .isPresent();
        Optional<Operation> last = history.changes(volume.get()).stream()
                .filter(same ? TargetContents::underWay : TargetContents::tookEffect)
                .findFirst();
        return same && last.isEmpty()
                ? Optional.empty()
                : Optional.of(new TargetChange(disk.key(), volume.get(), last));
    }

    /** What has begun may have changed the volume already; it is written down when it ends. */
    private static boolean underWay(Operation operation) {
        return !operation.status().ended();
    }

    /** One that was refused has no step, or only such that were undone. */
    private static boolean tookEffect(Operation operation) {
        return operation.status() != OperationStatus.FAILED
                || operation.steps().stream().anyMatch(step -> step.state() != Operation.Step.State.UNDONE);
    }
}
