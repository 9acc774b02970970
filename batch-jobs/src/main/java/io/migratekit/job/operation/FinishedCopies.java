package io.migratekit.job.operation;

import io.migratekit.job.JobException;
import io.migratekit.job.JobIds;
import io.migratekit.job.TargetRef;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.lease.Lease;
import io.migratekit.job.lease.Leases;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.job.ledger.Machines;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.ReplicationJobs;
import java.util.Optional;

/** Frees targets that one-off copies hold, so that something else may be copied there. */
final class FinishedCopies {
    private final Machines machines;
    private final ReplicationJobs jobs;
    private final Leases leases;
    private final JobIds ids;
    private final JobLog jobLog;

    FinishedCopies(Machines machines, ReplicationJobs jobs, Leases leases, JobIds ids, JobLog jobLog) {
        this.machines = machines;
        this.jobs = jobs;
        this.leases = leases;
        this.ids = ids;
        this.jobLog = jobLog;
    }

    /**
     * Makes sure that no other machine holds {@code target}; an unfinished copy to it is given up.
     *
     * @param wanted who wants it, for messages
     * @throws JobException.Refused if it belongs to a VM
     * @throws JobException.Busy if a copy is at work on it
     */
    void free(TargetRef target, String wanted) {
        Optional<Machine> owner = owner(target);
        if (owner.isEmpty()) {
            return;
        }
        Machine machine = owner.get();
        if (machine.kind() == Machine.Kind.VM) {
            throw JobException.Refused.unfit(
                    "target %s cannot be used for %s: it belongs to %s; remove that with 'vm remove' first, or choose another target"
                            .formatted(target, wanted, machine.title()));
        }
        Lease lease = leases.acquire(machine.contextId(), ids.next());
        try {
            jobs.completePromoted(lease);
            jobs.supersedeOthers(lease);
            jobs.ofMachine(machine.contextId()).forEach(this::tellOfSnapshot);
            for (MachineDisk disk : machine.disks()) {
                machines.bindTarget(lease, disk.id(), Optional.empty());
            }
        } finally {
            leases.release(lease);
        }
    }

    /** Nothing of this pair may ever run again, which would remove it. */
    private void tellOfSnapshot(ReplicationJob job) {
        job.snapshotLeft()
                .ifPresent(snapshot -> jobLog.event(
                        job.id(),
                        JobEvent.Level.WARN,
                        "snapshot.left",
                        "snapshot %s stays at the source of this copy, whose target is used for something else now; 'cleanup' removes it"
                                .formatted(snapshot)));
    }

    /** The database knows targets by their text; two texts can still name one disk. */
    private Optional<Machine> owner(TargetRef target) {
        return machines.ownerOf(target)
                .or(() -> machines.targets().stream()
                        .filter(other -> target.isAt(other.text()))
                        .findFirst()
                        .flatMap(machines::ownerOf));
    }
}
