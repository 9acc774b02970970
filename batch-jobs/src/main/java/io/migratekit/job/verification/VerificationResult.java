package io.migratekit.job.verification;

import io.migratekit.job.JobStatus;
import io.migratekit.job.ledger.VerificationJob;
import java.util.List;

/**
 * How a verification ended.
 *
 * @param jobId our job id
 * @param status completed (all the same), different, stopped
 * @param bytesTotal capacity of all disks
 * @param bytesCompared found equal or different; together with bytesExcluded what the sample holds
 * @param bytesExcluded of the sample left out, since they changed at the source since the last restore point
 * @param bytesDifferent different
 * @param differences how many runs of bytes differ
 * @param listed where, at most {@link io.migratekit.job.ledger.VerificationJobs#DIFFERENCES_LISTED_MAX}
 */
public record VerificationResult(
        String jobId,
        String status,
        long bytesTotal,
        long bytesCompared,
        long bytesExcluded,
        long bytesDifferent,
        long differences,
        List<VerificationJob.Difference> listed) {

    public VerificationResult {
        listed = List.copyOf(listed);
    }

    /** Returns whether it has proven that the target holds the restore point: something was compared, and all of it is the same. */
    public boolean identical() {
        return JobStatus.of(status) == JobStatus.COMPLETED && (bytesCompared > 0 || bytesTotal == 0);
    }

    /** Returns what the database says of a job. */
    public static VerificationResult of(VerificationJob job, List<VerificationJob.Difference> listed) {
        VerificationJob.Counters counters = job.counters();
        return new VerificationResult(
                job.id(),
                job.status().text(),
                counters.totalBytes(),
                counters.comparedBytes(),
                counters.excludedBytes(),
                counters.differentBytes(),
                counters.differences(),
                listed);
    }
}
