package io.migratekit.job.replication;

import io.migratekit.job.ledger.ReplicationJob.Counters;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Adds up how far a run is, on top of what earlier starts of the job reached. Safe for many threads. */
final class RunMeter {
    private static final long RATE_WINDOW_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int SAMPLES = 64;

    private final Counters before;
    private final AtomicLong recopiedBytes = new AtomicLong();
    private final AtomicLong beganNanos = new AtomicLong();
    private final AtomicLong endedNanos = new AtomicLong();

    // Moments and bytes of the last seconds; guarded by this.
    private final long[] sampleNanos = new long[SAMPLES];
    private final long[] sampleBytes = new long[SAMPLES];
    private int samples;
    private Counters lastCounters;

    RunMeter(Counters before) {
        this.before = before;
        this.lastCounters = before;
    }

    /** The first read begins; later calls change nothing. */
    void copyBegins() {
        beganNanos.compareAndSet(0, System.nanoTime());
    }

    /** The last range is flushed and committed, or the copy was given up. */
    void copyEnds() {
        endedNanos.set(System.nanoTime());
    }

    void recopied(long bytesMax) {
        recopiedBytes.addAndGet(bytesMax);
    }

    /** Returns all numbers now; once the disks are closed, the last ones. */
    synchronized Counters counters(List<DiskCopy> disks) {
        if (disks.isEmpty()) {
            return lastCounters;
        }
        long total = 0;
        long planned = 0;
        long copied = 0;
        long zeroed = 0;
        long skipped = 0;
        long lost = 0;
        long commitNanos = 0;
        int ranges = 0;
        long moved = 0;
        for (DiskCopy disk : disks) {
            var counters = disk.counters();
            total += counters.capacityBytes();
            planned += disk.disk().dataBytes();
            copied += counters.copiedBytes();
            zeroed += counters.zeroedBytes();
            skipped += counters.skippedBytes();
            moved += disk.movedBytes();
            for (RangeCopyState range : disk.ranges()) {
                lost += range.lostBytes();
                commitNanos += range.commitNanos();
                ranges++;
            }
        }
        lastCounters = new Counters(
                total,
                planned,
                copied,
                zeroed,
                skipped,
                before.recopiedBytes() + recopiedBytes.get() + lost,
                rate(moved),
                before.copyMillis() + copyMillis(),
                before.commitMillis() + TimeUnit.NANOSECONDS.toMillis(commitNanos / Math.max(1, ranges)));
        return lastCounters;
    }

    private long copyMillis() {
        long began = beganNanos.get();
        long ended = endedNanos.get();
        return began == 0 ? 0 : TimeUnit.NANOSECONDS.toMillis((ended == 0 ? System.nanoTime() : ended) - began);
    }

    /** Bytes per second between now and the oldest sample of the window. */
    private long rate(long movedBytes) {
        long now = System.nanoTime();
        int newest = samples % SAMPLES;
        sampleNanos[newest] = now;
        sampleBytes[newest] = movedBytes;
        samples++;
        int oldest = newest;
        for (int back = 1; back < Math.min(samples, SAMPLES); back++) {
            int index = (newest - back + SAMPLES) % SAMPLES;
            if (now - sampleNanos[index] > RATE_WINDOW_NANOS) {
                break;
            }
            oldest = index;
        }
        double seconds = (now - sampleNanos[oldest]) / 1e9;
        return seconds < 0.05 ? lastCounters.bytesPerSecond() : (long) ((movedBytes - sampleBytes[oldest]) / seconds);
    }
}
