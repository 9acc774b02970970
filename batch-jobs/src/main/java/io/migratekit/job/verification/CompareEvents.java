package io.migratekit.job.verification;

import io.migratekit.job.joblog.JobEvent.Level;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.source.DiskKey;
import io.migratekit.target.CopyProgress;

/** Enters into the joblog what a person should know while a disk is compared. */
record CompareEvents(JobLog jobLog, String jobId, DiskKey disk) implements CopyProgress.Events {
    @Override
    public void reconnecting(String side, String reason, int attempt) {
        if (Integer.bitCount(attempt) == 1) {
            jobLog.event(
                    jobId,
                    Level.WARN,
                    "reconnect",
                    "disk %s: the %s is lost, attempt %d: %s".formatted(disk, side, attempt, reason));
        }
    }

    @Override
    public void reconnected(String side, int attempts) {
        jobLog.event(
                jobId,
                Level.INFO,
                "reconnected",
                "disk %s: the %s is back after %d attempts".formatted(disk, side, attempts));
    }

    @Override
    public void retrying(String reason, int attempt) {
        jobLog.event(
                jobId,
                Level.WARN,
                "retry",
                "disk %s: a request is tried again, attempt %d: %s".formatted(disk, attempt, reason));
    }
}
