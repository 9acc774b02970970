package io.migratekit.job.replication;

import io.migratekit.job.ledger.ReplicationJob;
import java.util.Optional;

/**
 * How a replication ended, with the keys that {@code --json} shows.
 *
 * @param jobId our job id
 * @param status completed, stopped, failed or interrupted
 * @param bytesTotal capacity of all disks
 * @param bytesCopied written as data
 * @param bytesZeroed written as zeroes
 * @param bytesSkipped right already: unchanged, or zero on a zero target
 * @param bytesRecopied copied again after a restart or a lost target, at most
 * @param copySeconds from the first read to the last flush and commit, all starts together
 * @param commitSeconds waiting for flushes and the job repository, averaged over ranges
 * @param restarts how often it was started again
 * @param message why it is not complete, or what is left to do
 */
public record ReplicationResult(
        String jobId,
        String status,
        long bytesTotal,
        long bytesCopied,
        long bytesZeroed,
        long bytesSkipped,
        long bytesRecopied,
        double copySeconds,
        double commitSeconds,
        int restarts,
        Optional<String> message) {

    /** Returns what the database says of a job. */
    public static ReplicationResult of(ReplicationJob job) {
        ReplicationJob.Counters counters = job.counters();
        return new ReplicationResult(
                job.id(),
                job.status().text(),
                counters.totalBytes(),
                counters.copiedBytes(),
                counters.zeroedBytes(),
                counters.skippedBytes(),
                counters.recopiedBytes(),
                counters.copyMillis() / 1000.0,
                counters.commitMillis() / 1000.0,
                job.restarts(),
                job.error());
    }
}
