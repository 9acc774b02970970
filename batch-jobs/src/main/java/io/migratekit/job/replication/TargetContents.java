package io.migratekit.job.replication;

import io.migratekit.job.TargetRef;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.volume.Operation;
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
        List<Operation> changes = history.changes(volume.get());
        if (VolumeIdentity.of(volume.get(), changes)
                .equals(disk.targetIdentity().get())) {
            return Optional.empty();
        }
        return VolumeIdentity.lastChange(changes)
                .map(operation -> new TargetChange(disk.key(), volume.get(), operation));
    }
}
