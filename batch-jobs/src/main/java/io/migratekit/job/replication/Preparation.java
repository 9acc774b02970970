package io.migratekit.job.replication;

import io.migratekit.job.JobException;
import io.migratekit.job.joblog.JobEvent.Level;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.job.ledger.ReplicationDisk;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.ReplicationJobs;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceMachines;
import io.migratekit.source.SourceRef;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The first step, at each start: opens both sides of every disk, holds the snapshot and decides, or finds again, how each
 * disk is copied. Nothing is written to a target yet.
 */
final class Preparation {
    private final SourceMachines sources;
    private final Snapshots snapshots;
    private final DiskPreparation diskPreparation;
    private final ReplicationJobs jobs;
    private final ReplicationDisks disks;
    private final JobLog jobLog;

    Preparation(
            SourceMachines sources,
            Snapshots snapshots,
            DiskPreparation diskPreparation,
            ReplicationJobs jobs,
            ReplicationDisks disks,
            JobLog jobLog) {
        this.sources = sources;
        this.snapshots = snapshots;
        this.diskPreparation = diskPreparation;
        this.jobs = jobs;
        this.disks = disks;
        this.jobLog = jobLog;
    }

    void prepare(ReplicationRun run) throws IOException {
        ReplicationJob job = jobs.find(run.jobId()).orElseThrow();
        openSource(run);
        snapshots.removeLeftovers(run);
        Snapshots.Held held = snapshots.hold(run, job);
        run.snapshot(held.snapshot());
        try {
            prepareDisks(run, held);
        } catch (PlanLost e) {
            run.closeDisks();
            jobLog.event(run.jobId(), Level.WARN, e.event(), Explain.message(e) + "; everything is copied anew");
            prepareDisks(run, snapshots.nextGeneration(run, held));
        }
    }

    private void prepareDisks(ReplicationRun run, Snapshots.Held held) throws IOException {
        Map<DiskKey, ReplicationDisk> earlier = earlier(run.jobId(), held.generation());
        Map<DiskKey, SourceDisk> now = new LinkedHashMap<>();
        held.snapshot().disks().forEach(disk -> now.put(disk.key(), disk));
        for (MachineDisk disk : run.machine().disks()) {
            run.checkStop();
            SourceDisk source = Optional.ofNullable(now.get(disk.key()))
                    .orElseThrow(() -> new JobException.NoSuch(
                            "%s has no disk %s at its source any more; 'vm show' names the disks that it was added with. Bring the disk back, or remove the VM and add it anew"
                                    .formatted(run.machine().title(), disk.key())));
            run.add(diskPreparation.prepare(run, disk, source, held, Optional.ofNullable(earlier.get(disk.key()))));
        }
    }

    private void openSource(ReplicationRun run) throws IOException {
        Machine machine = run.machine();
        Map<DiskKey, SourceRef> references = new LinkedHashMap<>();
        machine.disks().forEach(disk -> references.put(disk.key(), disk.source()));
        try {
            run.opened(sources.open(machine.name(), references));
        } catch (IllegalArgumentException e) {
            throw JobException.Refused.usage(Explain.message(e));
        }
    }

    /** Returns the decisions of an earlier start that still hold: those for the same snapshot. */
    private Map<DiskKey, ReplicationDisk> earlier(String jobId, int generation) {
        Map<DiskKey, ReplicationDisk> earlier = new LinkedHashMap<>();
        for (ReplicationDisk disk : disks.of(jobId)) {
            if (disk.mapGeneration() == generation) {
                earlier.put(disk.key(), disk);
            } else if (disk.targetIsZero()) {
                jobLog.event(
                        jobId,
                        Level.INFO,
                        "target.not.zero",
                        "target %s was zero before this job; it holds another moment's data now, so zeroes are written"
                                .formatted(disk.target()));
            }
        }
        return earlier;
    }
}
