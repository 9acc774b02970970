package io.migratekit.job.replication;

import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.Machines;
import java.util.Optional;

/** The last step: closes the disks and removes the snapshot. The copy is promoted already, whatever happens here. */
final class Release {
    private final Snapshots snapshots;
    private final Machines machines;
    private final ProgressStore progress;

    Release(Snapshots snapshots, Machines machines, ProgressStore progress) {
        this.snapshots = snapshots;
        this.machines = machines;
        this.progress = progress;
    }

    void release(ReplicationRun run) {
        progress.store(run);
        run.closeDisks();
        snapshots.release(run);
        if (run.machine().kind() == Machine.Kind.COPY) {
            // A finished copy holds its target no longer: it may be copied to again, from anywhere.
            run.machine().disks().forEach(disk -> machines.bindTarget(run.lease(), disk.id(), Optional.empty()));
        }
    }
}
