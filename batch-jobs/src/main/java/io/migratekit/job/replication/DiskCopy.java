package io.migratekit.job.replication;

import io.migratekit.job.JobException;
import io.migratekit.job.ledger.ReplicationDisk;
import io.migratekit.job.ledger.ReplicationDisks.DiskCounters;
import io.migratekit.source.DiskAccess;
import io.migratekit.source.extent.ByteRange;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.target.CopyException;
import io.migratekit.target.CopyTask;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One disk while this process replicates it: both sides open, and how far each range is. */
final class DiskCopy implements AutoCloseable {
    private final DiskAccess source;
    private final Target target;
    private final boolean unsafeTarget;
    private volatile ReplicationDisk disk;
    private volatile @Nullable ChangeMap map;
    private volatile List<RangeCopyState> ranges = List.of();

    DiskCopy(ReplicationDisk disk, DiskAccess source, Target target, boolean unsafeTarget) {
        this.disk = disk;
        this.source = source;
        this.target = target;
        this.unsafeTarget = unsafeTarget;
    }

    ReplicationDisk disk() {
        return disk;
    }

    /** Takes what the plan found; the ranges are those that the ledger has. */
    void planned(ReplicationDisk planned, ChangeMap changeMap, List<ByteRange> planRanges) {
        disk = planned;
        map = changeMap;
        ranges = java.util.stream.IntStream.range(0, planRanges.size())
                .mapToObj(index -> new RangeCopyState(planned, index, planRanges.get(index)))
                .toList();
    }

    ChangeMap map() {
        return Objects.requireNonNull(map, "the disk is not planned");
    }

    List<RangeCopyState> ranges() {
        return ranges;
    }

    CopyTask task() {
        return new CopyTask(
                source.uri(), target.uri(), disk.capacityBytes(), disk.targetIsZero(), unsafeTarget, source.upstream());
    }

    /** Puts the names that people use into a message: images are served at private sockets. */
    String named(String message) {
        return message.replace(source.uri().toString(), disk.source())
                .replace(target.uri().toString(), target.ref().text());
    }

    /** Returns what to tell people of a target that is full: where it lies is not where it is served. */
    JobException full(CopyException.NoRoom failure) {
        String words = named(String.valueOf(failure.getMessage()));
        return JobException.Refused.unfit(
                target.storage()
                        .get()
                        .map(storage -> "%s. %s".formatted(words, storage))
                        .orElse(words),
                failure);
    }

    /** Returns how far the disk is; what an incremental replication need not touch counts as skipped. */
    DiskCounters counters() {
        RangeCopyState.Counts counts = counts();
        long unchangedBytes = unchangedBytes();
        return new DiskCounters(
                disk.key(), disk.capacityBytes(), counts.copied(), counts.zeroed(), counts.skipped() + unchangedBytes);
    }

    /** Returns how much there is to do, in the same bytes that {@link #doneBytes} counts. */
    long workBytes() {
        return disk.capacityBytes() - unchangedBytes();
    }

    long doneBytes() {
        RangeCopyState.Counts counts = counts();
        return counts.copied() + counts.zeroed() + counts.skipped();
    }

    /** Returns the bytes that moved since this process began, for a rate. */
    long movedBytes() {
        return ranges.stream().mapToLong(RangeCopyState::movedBytes).sum();
    }

    private RangeCopyState.Counts counts() {
        RangeCopyState.Counts sum = RangeCopyState.Counts.NONE;
        for (RangeCopyState range : ranges) {
            sum = sum.plus(range.counts());
        }
        return sum;
    }

    private long unchangedBytes() {
        return disk.rest().filter(rest -> rest == ChangeMap.Rest.UNCHANGED).isPresent()
                ? disk.capacityBytes() - disk.dataBytes()
                : 0;
    }

    @Override
    public void close() {
        try {
            target.close();
        } finally {
            source.close(); // an open disk would keep its snapshot from being removed
        }
    }
}
