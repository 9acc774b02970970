package io.migratekit.job.replication;

import io.migratekit.job.JobException;
import io.migratekit.job.joblog.JobEvent.Level;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.ledger.ReplicationDisk;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.job.ledger.RestorePoints;
import java.time.Duration;
import java.util.List;
import org.springframework.batch.core.scope.context.StepContext;
import org.springframework.batch.core.scope.context.StepSynchronizationManager;

/** The fourth step: promotes the moments of all disks at once, if every range of every disk is read back as complete. */
final class Promotion {
    private final DatabaseFile databaseFile;
    private final ProgressStore progress;
    private final RangeHistory history;
    private final ReplicationDisks disks;
    private final RestorePoints restorePoints;
    private final JobLog jobLog;

    Promotion(
            DatabaseFile databaseFile,
            ProgressStore progress,
            RangeHistory history,
            ReplicationDisks disks,
            RestorePoints restorePoints,
            JobLog jobLog) {
        this.databaseFile = databaseFile;
        this.progress = progress;
        this.history = history;
        this.disks = disks;
        this.restorePoints = restorePoints;
        this.jobLog = jobLog;
    }

    void promote(ReplicationRun run) {
        databaseFile.check();
        checkEveryRange(run);
        List<ReplicationDisk> whole = disks.of(run.jobId());
        if (whole.size() != run.machine().disks().size()) {
            throw new JobException.Failed("%d of %d disks of %s are copied; nothing is promoted. Restart job %s"
                    .formatted(
                            whole.size(),
                            run.machine().disks().size(),
                            run.machine().title(),
                            run.jobId()));
        }
        var counters = run.meter().counters(run.disks());
        progress.store(run); // it is complete from here on, even if nothing more can be told of it
        boolean unsafe = run.disks().stream().anyMatch(disk -> disk.task().unsafeTarget());
        restorePoints.promote(
                run.lease(), whole, Snapshots.name(run.jobId()), unsafe, Duration.ofMillis(counters.copyMillis()));
        run.promote();
        disks.forgetMaps(run.lease());
        jobLog.event(
                run.jobId(),
                unsafe ? Level.WARN : Level.INFO,
                "promoted",
                "%d disks are whole; this is a restore point%s"
                        .formatted(whole.size(), unsafe ? ", on a target that offers no FLUSH" : ""));
    }

    private void checkEveryRange(ReplicationRun run) {
        StepContext context = StepSynchronizationManager.getContext();
        if (context == null) {
            throw new IllegalStateException("promotion happens inside a step only");
        }
        for (DiskCopy disk : run.disks()) {
            for (RangeCopyState range : disk.ranges()) {
                if (!history.complete(context.getStepExecution(), range)) {
                    throw new JobException.Failed(
                            "range %s is not complete in the database; nothing is promoted. Restart job %s"
                                    .formatted(range.name(), run.jobId()));
                }
            }
        }
    }
}
