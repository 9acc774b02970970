package io.migratekit.job.operation;

import io.migratekit.job.JobException;
import io.migratekit.job.lease.KeptLease;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.Machines;
import io.migratekit.job.replication.Explain;
import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Forgets machines, and deletes the volumes that were made for them when asked to. Killed half-way, the machine is still
 * there with the volumes that are left, and removing it again goes on.
 */
public final class MachineRemoval {
    private final MachineCatalog catalog;
    private final Machines machines;
    private final Function<String, KeptLease> leases;
    private final Supplier<Volumes> volumes;
    private final Duration timeout;

    /**
     * Makes one.
     *
     * @param leases takes the lease of the machine with this context id, and keeps it
     * @param timeout how long an operation on a volume may take
     */
    MachineRemoval(
            MachineCatalog catalog,
            Machines machines,
            Function<String, KeptLease> leases,
            Supplier<Volumes> volumes,
            Duration timeout) {
        this.catalog = catalog;
        this.machines = machines;
        this.leases = leases;
        this.volumes = volumes;
        this.timeout = timeout;
    }

    /**
     * Returns the volumes that {@link #removeWithVolumes} would delete: those that replications made for the machine.
     *
     * @throws JobException.Refused as {@link #removeWithVolumes}
     * @throws JobException if the volume daemon cannot be asked
     */
    public List<Volume> volumes(Machine machine) {
        List<Volume> made = asked(() -> volumes.get().volumesOf(machine.contextId()));
        refuseNeeded(machine, made);
        return made;
    }

    /**
     * Forgets a machine with its jobs and restore points. Nothing at the source or on a target is touched.
     *
     * @throws JobException.NoSuch if there is none of that name
     * @throws JobException.Busy if a job works on it
     */
    public void remove(String name) {
        Machine machine = catalog.show(name);
        try (KeptLease kept = leases.apply(machine.contextId())) {
            machines.remove(kept.lease());
        }
    }

    /**
     * Deletes the volumes that were made for a machine, with all that they hold, and forgets it.
     *
     * @throws JobException.Refused if a volume has snapshots, or a VM other than this appliance has it; nothing is
     *     deleted then
     * @throws JobException.NoSuch if there is no machine of that name
     * @throws JobException.Busy if a job works on it
     */
    public void removeWithVolumes(String name) {
        Machine machine = catalog.show(name);
        try (KeptLease kept = leases.apply(machine.contextId())) {
            volumes(machine).forEach(volume -> delete(volume, kept));
            machines.remove(kept.lease());
        }
    }

    private void refuseNeeded(Machine machine, List<Volume> made) {
        List<SnapshotSet> sets = asked(() -> volumes.get().snapshotSets(machine.contextId()));
        if (!sets.isEmpty()) {
            throw JobException.Refused.unfit(
                    "the volumes of %s cannot be deleted: snapshot set %s needs them; 'volume drop %s' removes it"
                            .formatted(
                                    machine.title(),
                                    sets.get(0).id(),
                                    sets.get(0).id()));
        }
        for (Volume volume : made) {
            Optional<Attachment> elsewhere = volume.attachment().filter(at -> at.mode() == ExportMode.FAILOVER);
            if (elsewhere.isPresent()) {
                throw JobException.Refused.unfit(
                        "the volumes of %s cannot be deleted: VM %s has volume '%s' (%s); remove it without its volumes, or end that VM first"
                                .formatted(machine.title(), elsewhere.get().vmId(), volume.name(), volume.id()));
            }
        }
    }

    private void delete(Volume volume, KeptLease kept) {
        if (asked(() -> volumes.get().export(volume.id())).isPresent()) {
            perform(new VolumeRequest.Unexport(volume.id()), kept);
        }
        if (volume.attachment().isPresent()) {
            perform(new VolumeRequest.Detach(volume.id()), kept);
        }
        perform(new VolumeRequest.Delete(volume.id()), kept);
    }

    /** Nothing is done to a volume that somebody else may be writing to by now. */
    private void perform(VolumeRequest request, KeptLease kept) {
        kept.check();
        asked(() -> volumes.get().perform("remove/" + UUID.randomUUID(), request, timeout));
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (VolumeException e) {
            throw Explain.of(e);
        }
    }
}
