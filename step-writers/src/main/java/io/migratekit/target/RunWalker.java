package io.migratekit.target;

import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentRun;
import io.migratekit.source.extent.ExtentRunReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the run being copied and the runs after it, cutting extents into requests. Can go back to where the target was
 * last known durable, since the runs from there on are kept.
 */
final class RunWalker {
    private final long alignmentBytes;
    private final List<Walked> runs = new ArrayList<>(); // the first is the one being copied
    private int run;
    private int extent;
    private long position; // everything before it has been handed out
    private long aheadBytes; // weight of what was handed out behind the first run
    private long limitBytes = Long.MAX_VALUE; // nothing behind it is handed out

    RunWalker(long alignmentBytes) {
        this.alignmentBytes = alignmentBytes;
    }

    /** A part of an extent that becomes one request. */
    record Cut(long offsetBytes, long lengthBytes, Extent.Kind kind) {}

    /** A run and the weight of what has been handed out of it. */
    private static final class Walked {
        private final ExtentRun run;
        private long handedBytes;

        Walked(ExtentRun run) {
            this.run = run;
        }
    }

    /** Adds a run behind those known. */
    void announce(ExtentRun next) {
        if (runs.isEmpty() && position == 0) {
            position = next.fromBytes();
        }
        runs.add(new Walked(next));
    }

    /** Returns the run to be made durable next. */
    ExtentRun first() {
        return runs.get(0).run;
    }

    /** Ends the first run: it is durable. */
    void end() {
        runs.remove(0);
        aheadBytes -= runs.isEmpty() ? 0 : runs.get(0).handedBytes;
        if (run > 0) {
            run--;
        } else {
            extent = 0; // all of it was handed out, but nobody had asked for what follows yet
        }
    }

    /** Returns how much behind the first run has been handed out: bytes of DATA, and zeros by their {@link #weight}. */
    long aheadBytes() {
        return aheadBytes;
    }

    /** Returns up to where everything has been handed out: a gap without extents counts as handed out. */
    long position() {
        return position;
    }

    /**
     * Returns the next request, or null if there is none now.
     *
     * @param dataBytesMax longest DATA request
     * @param zeroBytesMax longest ZERO request
     */
    @Nullable
    Cut next(long dataBytesMax, long zeroBytesMax) {
        while (run < runs.size() && position < limitBytes) {
            ExtentRun current = runs.get(run).run;
            while (extent < current.extents().size()) {
                Extent whole = current.extents().get(extent);
                if (whole.offsetBytes() >= limitBytes) {
                    return null;
                }
                if (position < whole.endBytes()) {
                    return cut(whole, dataBytesMax, zeroBytesMax);
                }
                extent++;
            }
            position = Math.max(position, current.untilBytes());
            run++;
            extent = 0;
        }
        return null;
    }

    /** Lets nothing more be handed out but what a {@link #rewind} takes back; returns up to where that is. */
    long stop() {
        limitBytes = position;
        return limitBytes;
    }

    /** Goes back: what lies behind {@code durableBytes} is handed out again. */
    void rewind(long durableBytes) {
        position = durableBytes;
        run = 0;
        extent = 0;
        aheadBytes = 0;
        runs.forEach(walked -> walked.handedBytes = 0);
    }

    private Cut cut(Extent whole, long dataBytesMax, long zeroBytesMax) {
        long start = Math.max(whole.offsetBytes(), position);
        long end = Math.min(whole.endBytes(), limitBytes);
        Cut cut = whole.kind() == Extent.Kind.ZERO
                ? zeroCut(start, end, zeroBytesMax)
                : new Cut(start, untilMultiple(start, end, dataBytesMax) - start, Extent.Kind.DATA);
        position = cut.offsetBytes() + cut.lengthBytes();
        long weightBytes = weight(cut.lengthBytes(), cut.kind());
        runs.get(run).handedBytes += weightBytes;
        aheadBytes += run > 0 ? weightBytes : 0;
        return cut;
    }

    /** Returns what bytes count for when it comes to how far a copy may run ahead of a commit. */
    static long weight(long lengthBytes, Extent.Kind kind) {
        return kind == Extent.Kind.DATA
                ? lengthBytes
                : (lengthBytes + ExtentRunReader.ZEROS_AHEAD - 1) / ExtentRunReader.ZEROS_AHEAD;
    }

    /** Zeros are asked for in whole blocks of the server; the edges of an extent that is none are copied as data. */
    private Cut zeroCut(long start, long end, long zeroBytesMax) {
        long nextBlock = (start + alignmentBytes - 1) & -alignmentBytes;
        if (nextBlock != start) {
            return new Cut(start, Math.min(nextBlock, end) - start, Extent.Kind.DATA);
        }
        long lastBlock = end & -alignmentBytes;
        if (lastBlock <= start) {
            return new Cut(start, end - start, Extent.Kind.DATA);
        }
        return new Cut(start, untilMultiple(start, lastBlock, zeroBytesMax) - start, Extent.Kind.ZERO);
    }

    /** Ends a request at a multiple of its longest length, so that requests fall on the servers' own blocks. */
    private static long untilMultiple(long start, long end, long lengthMax) {
        return Math.min(end, (start / lengthMax + 1) * lengthMax);
    }
}
