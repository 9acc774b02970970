package io.migratekit.source.extent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamException;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * Reads one range of a change map as runs of extents, in ascending order; the runs tile the range exactly, gaps
 * included. Thread-confined: {@link #read} and {@link #peek} are called on the step's thread.
 *
 * <p>Restart: {@link #update} stores the end of the last run that was returned, so the step must be done with a run
 * (written and flushed on the target) before it is called, which a step with chunks of one run guarantees. The next
 * {@link #open} goes on there. What lies behind the stored cursor may have been written already by then; {@link
 * #recopiedBytesMax} says how much. A writer that ends before the range does says by {@link #endAt} where, and leaves
 * nothing behind that.
 */
public final class ExtentRunReader implements ItemStreamReader<ExtentRun>, UpcomingRuns {
    /** Context key of the cursor: a long, an offset in bytes. */
    public static final String CURSOR = "cursor";

    /** How many bytes of zeros a writer may run ahead by, for each byte of its look-ahead. */
    public static final int ZEROS_AHEAD = 16;

    /** Context key: a long, how many DATA bytes behind the cursor may have been copied before the next commit. */
    public static final String UNCOMMITTED_BYTES_MAX = "uncommittedBytesMax";

    /** Most extents of a run: bounds its memory, and the requests between two commits on a fragmented disk. */
    static final int RUN_EXTENTS_MAX = 4096;

    private final ChangeMap map;
    private final ByteRange range;
    private final RunBytes runBytesMax;
    private final long lookAheadBytes;
    private final boolean startedBefore;
    private final List<ExtentRun> upcoming = new ArrayList<>();

    private long cursorBytes;
    private long recopiedBytesMax;
    private boolean ended;
    private @Nullable RunBuilder runs;

    /**
     * Makes a reader of {@code range}.
     *
     * @param runBytesMax most bytes of the run that is built next; asked for each run, so that it may follow the measured
     *     speed
     * @param lookAheadBytes most DATA bytes behind the run in hand that the writer may copy before that run is committed;
     *     of zeros {@link #ZEROS_AHEAD} times as many
     * @param startedBefore whether an earlier execution of this range was started: if it left no cursor, it may have
     *     copied the first run all the same
     */
    public ExtentRunReader(
            ChangeMap map, ByteRange range, RunBytes runBytesMax, long lookAheadBytes, boolean startedBefore) {
        this.map = map;
        this.range = range;
        this.runBytesMax = runBytesMax;
        this.lookAheadBytes = lookAheadBytes;
        this.startedBefore = startedBefore;
        this.cursorBytes = range.fromBytes();
    }

    @Override
    public void open(ExecutionContext context) {
        cursorBytes = context.getLong(CURSOR, range.fromBytes());
        if (cursorBytes < range.fromBytes() || cursorBytes > range.untilBytes()) {
            throw new ItemStreamException(
                    "the stored cursor %d lies outside the range [%d, %d) that it belongs to; begin anew with --mode full"
                            .formatted(cursorBytes, range.fromBytes(), range.untilBytes()));
        }
        close();
        ended = false;
        try {
            runs = new RunBuilder(map, new ByteRange(cursorBytes, range.untilBytes()), runBytesMax);
            recopiedBytesMax = Math.min(
                    startedBefore || context.containsKey(CURSOR)
                            ? context.getLong(UNCOMMITTED_BYTES_MAX, uncommittedBytesMax())
                            : 0,
                    map.bytes(Extent.Kind.DATA, cursorBytes, range.untilBytes()));
            // What holds from the first write on, should this execution end without a commit.
            context.putLong(UNCOMMITTED_BYTES_MAX, Math.max(recopiedBytesMax, uncommittedBytesMax()));
        } catch (IOException e) {
            throw new ItemStreamException("the change map cannot be read at offset " + cursorBytes, e);
        }
    }

    /** Returns how many DATA bytes this execution may copy again because an earlier one ended before its commit. */
    public long recopiedBytesMax() {
        return recopiedBytesMax;
    }

    @Override
    public @Nullable ExtentRun read() throws IOException {
        if (ended) {
            throw new IllegalStateException("the reading was ended at %d".formatted(cursorBytes));
        }
        ExtentRun next = peek(0);
        if (next == null) {
            return null;
        }
        upcoming.remove(0);
        if (next.fromBytes() != cursorBytes) {
            throw new IllegalStateException("%s does not begin at the cursor %d".formatted(next, cursorBytes));
        }
        cursorBytes = next.untilBytes();
        return next;
    }

    @Override
    public @Nullable ExtentRun peek(int index) throws IOException {
        RunBuilder builder = runs;
        if (builder == null) {
            throw new IllegalStateException("the reader is not open");
        }
        while (upcoming.size() <= index) {
            ExtentRun next = builder.next();
            if (next == null) {
                return null;
            }
            upcoming.add(next);
        }
        return upcoming.get(index);
    }

    /**
     * Ends the reading: everything before {@code positionBytes} is durable on the target, and nothing behind it has been
     * written. It may lie before the end of the run returned last, or within those after it.
     */
    public void endAt(long positionBytes) {
        if (positionBytes < range.fromBytes() || positionBytes > range.untilBytes()) {
            throw new IllegalArgumentException("the end %d lies outside the range [%d, %d)"
                    .formatted(positionBytes, range.fromBytes(), range.untilBytes()));
        }
        cursorBytes = positionBytes;
        ended = true;
    }

    @Override
    public void update(ExecutionContext context) {
        context.putLong(CURSOR, cursorBytes);
        try {
            context.putLong(UNCOMMITTED_BYTES_MAX, uncommittedBytesMax());
        } catch (IOException e) {
            throw new ItemStreamException("the change map cannot be read behind offset " + cursorBytes, e);
        }
    }

    private long uncommittedBytesMax() throws IOException {
        ExtentRun next = ended ? null : peek(0);
        return next == null ? 0 : next.bytes(Extent.Kind.DATA) + lookAheadBytes;
    }

    @Override
    public void close() {
        RunBuilder builder = runs;
        if (builder != null) {
            builder.close();
        }
        runs = null;
        upcoming.clear();
    }
}
