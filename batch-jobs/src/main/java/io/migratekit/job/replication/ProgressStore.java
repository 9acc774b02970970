package io.migratekit.job.replication;

import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.job.ledger.ReplicationJob.Counters;
import io.migratekit.job.ledger.ReplicationJobs;
import java.util.List;

/**
 * Stores about each second how far a run is, so that other processes can show it, and so that a restart after a crash adds
 * to it. Safe for use by many threads.
 */
final class ProgressStore {
    private final ReplicationJobs jobs;
    private final ReplicationDisks disks;

    ProgressStore(ReplicationJobs jobs, ReplicationDisks disks) {
        this.jobs = jobs;
        this.disks = disks;
    }

    void store(ReplicationRun run) {
        List<DiskCopy> copies = run.disks();
        if (copies.isEmpty() || copies.stream().allMatch(copy -> copy.ranges().isEmpty())) {
            if (!copies.isEmpty()) {
                jobs.operation(run.lease(), run.phase());
            }
            return;
        }
        Counters counters = run.meter().counters(copies);
        jobs.counters(run.lease(), counters, percent(copies));
        for (DiskCopy copy : copies) {
            var counts = copy.counters();
            disks.counters(
                    run.lease(), counts.key(), counts.copiedBytes(), counts.zeroedBytes(), counts.skippedBytes());
        }
    }

    static double percent(List<DiskCopy> copies) {
        long work = copies.stream().mapToLong(DiskCopy::workBytes).sum();
        long done = copies.stream().mapToLong(DiskCopy::doneBytes).sum();
        return work == 0 ? 100 : Math.min(100, Math.max(0, 100.0 * done / work));
    }
}
