package io.migratekit.job.replication;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How far a replication is now.
 *
 * @param jobId our job id
 * @param phase prepare, plan, copy, promote or release
 * @param percent of what there is to do, 0 to 100
 * @param bytesTotal capacity of all disks
 * @param bytesCopied written as data
 * @param bytesZeroed written as zeroes
 * @param bytesSkipped right already
 * @param bytesPerSecond speed of the last seconds
 * @param remaining how long the rest takes at this speed, if that can be told
 * @param disks the same for each disk
 */
public record ReplicationProgress(
        String jobId,
        String phase,
        double percent,
        long bytesTotal,
        long bytesCopied,
        long bytesZeroed,
        long bytesSkipped,
        long bytesPerSecond,
        Optional<Duration> remaining,
        List<Disk> disks) {

    /**
     * How far one disk is.
     *
     * @param key the disk
     * @param percent of what there is to do on it
     * @param bytesTotal its capacity
     * @param bytesDone copied, zeroed or skipped
     */
    public record Disk(String key, double percent, long bytesTotal, long bytesDone) {}

    public ReplicationProgress {
        disks = List.copyOf(disks);
    }

    static ReplicationProgress of(ReplicationRun run) {
        List<DiskCopy> copies = run.disks();
        var counters = run.meter().counters(copies);
        long work = copies.stream().mapToLong(DiskCopy::workBytes).sum();
        long done = copies.stream().mapToLong(DiskCopy::doneBytes).sum();
        long rate = counters.bytesPerSecond();
        return new ReplicationProgress(
                run.jobId(),
                run.phase(),
                copies.isEmpty() ? 0 : ProgressStore.percent(copies),
                counters.totalBytes(),
                counters.copiedBytes(),
                counters.zeroedBytes(),
                counters.skippedBytes(),
                rate,
                rate <= 0 || copies.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Duration.ofSeconds(Math.max(0, work - done) / rate)),
                copies.stream().map(ReplicationProgress::disk).toList());
    }

    private static Disk disk(DiskCopy copy) {
        var counters = copy.counters();
        return new Disk(
                copy.disk().key().text(),
                copy.ranges().isEmpty() ? 0 : ProgressStore.percent(List.of(copy)),
                counters.capacityBytes(),
                copy.ranges().isEmpty()
                        ? 0
                        : counters.copiedBytes() + counters.zeroedBytes() + counters.skippedBytes());
    }
}
