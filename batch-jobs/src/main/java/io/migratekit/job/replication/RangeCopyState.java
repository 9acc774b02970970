package io.migratekit.job.replication;

import io.migratekit.job.ledger.ReplicationDisk;
import io.migratekit.source.DiskKey;
import io.migratekit.source.extent.ByteRange;
import io.migratekit.source.extent.ExtentRunReader;
import io.migratekit.target.CopyProgress;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** One range of a disk and how far it is, over all starts of the job. */
final class RangeCopyState {
    private static final String COPIED = "copiedBytes";
    private static final String ZEROED = "zeroedBytes";
    private static final String SKIPPED = "skippedBytes";

    private final DiskKey key;
    private final String name;
    private final ByteRange range;
    private volatile Counts before = Counts.NONE;
    private volatile boolean startedBefore;
    private volatile ExecutionContext earlier = new ExecutionContext();
    private volatile @Nullable CopyProgress progress;

    /**
     * Bytes by what became of them.
     *
     * @param copied written as data
     * @param zeroed written as zeroes
     * @param skipped zeroes left out on a zero target
     */
    record Counts(long copied, long zeroed, long skipped) {
        static final Counts NONE = new Counts(0, 0, 0);

        Counts plus(Counts other) {
            return new Counts(copied + other.copied, zeroed + other.zeroed, skipped + other.skipped);
        }
    }

    RangeCopyState(ReplicationDisk disk, int index, ByteRange range) {
        this.key = disk.key();
        this.range = range;
        // The same range has the same name at each start; another snapshot has other ranges, so also other names.
        String map = disk.mapGeneration() == 0 ? "" : "-map-" + disk.mapGeneration();
        this.name = "disk-%s%s-range-%d".formatted(disk.key(), map, index);
    }

    DiskKey key() {
        return key;
    }

    /** Returns the partition's name, unique within the job. */
    String name() {
        return name;
    }

    ByteRange range() {
        return range;
    }

    /**
     * Takes over what earlier starts left behind, oldest first; the context with the farthest cursor counts.
     *
     * @param ended whether the start ended on request, so that its context says what lies behind its cursor; that of a
     *     process that died may still say that nothing does, as it was when it began
     */
    void resume(ExecutionContext stored, boolean ended) {
        startedBefore = true;
        ExecutionContext context = new ExecutionContext(stored);
        if (!ended) {
            forgetThatNothingIsBehind(context);
            forgetThatNothingIsBehind(earlier);
        }
        if (cursorOf(context) >= cursorOf(earlier)) {
            earlier = context;
            before = new Counts(context.getLong(COPIED, 0L), context.getLong(ZEROED, 0L), context.getLong(SKIPPED, 0L));
        }
    }

    boolean startedBefore() {
        return startedBefore;
    }

    /** Returns what a step needs to go on from the farthest commit. */
    ExecutionContext earlier() {
        return earlier;
    }

    /** Tells whether bytes of the range lie before the farthest commit. */
    boolean isBehind(long fromBytes, long untilBytes) {
        return fromBytes >= range.fromBytes() && untilBytes <= cursorOf(earlier);
    }

    void begin(CopyProgress live) {
        progress = live;
    }

    Counts counts() {
        CopyProgress live = progress;
        if (live == null) {
            return before;
        }
        CopyProgress.Numbers numbers = live.numbers();
        return before.plus(new Counts(numbers.copiedBytes(), numbers.zeroedBytes(), numbers.skippedBytes()));
    }

    long movedBytes() {
        CopyProgress live = progress;
        return live == null ? 0 : live.numbers().movedBytes();
    }

    /** Returns bytes moved twice because the target was lost before a flush. */
    long lostBytes() {
        CopyProgress live = progress;
        return live == null ? 0 : live.numbers().recopiedBytes();
    }

    /** Returns how long this range stood still for flushes and for the job repository. */
    long commitNanos() {
        CopyProgress live = progress;
        return live == null ? 0 : live.numbers().commitNanos();
    }

    /** Stores the counts beside the cursor. */
    void store(ExecutionContext context) {
        Counts counts = counts();
        context.putLong(COPIED, counts.copied());
        context.putLong(ZEROED, counts.zeroed());
        context.putLong(SKIPPED, counts.skipped());
    }

    /** Returns whether the stored cursor says that the whole range is durable. */
    boolean completeIn(ExecutionContext context) {
        return cursorOf(context) == range.untilBytes();
    }

    private static void forgetThatNothingIsBehind(ExecutionContext context) {
        if (context.getLong(ExtentRunReader.UNCOMMITTED_BYTES_MAX, 0L) == 0) {
            context.remove(ExtentRunReader.UNCOMMITTED_BYTES_MAX);
        }
    }

    private static long cursorOf(ExecutionContext context) {
        return context.getLong(ExtentRunReader.CURSOR, -1L);
    }
}
