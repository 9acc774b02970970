package io.migratekit.target;

import io.migratekit.source.extent.ExtentRun;
import java.util.Arrays;

/** How far the target is durable, and what is answered but not yet durable. */
final class Durability {
    /** After a loss the target is flushed in small steps, which grow again, so that a bad link still gets on. */
    private static final long SMALL_STEP_BYTES = 4 << 20;

    private static final long SMALLEST_STEP_BYTES = 64 << 10;

    private final CopyProgress progress;
    private long durableBytes = -1;
    private long stepBytes = Long.MAX_VALUE;
    private final long[] answered = new long[3]; // copied, zeroed, skipped: answered, no flush sent since
    private final long[] covered = new long[3]; // covered by the flush under way

    Durability(CopyProgress progress) {
        this.progress = progress;
    }

    long durableBytes() {
        return durableBytes;
    }

    void begin(ExtentRun run) {
        if (durableBytes < 0) {
            durableBytes = run.fromBytes();
        }
    }

    void take(PieceFlow flow) {
        flow.takeCounts(answered);
    }

    boolean clean() {
        return answered[0] == 0 && answered[1] == 0;
    }

    boolean smallStepDue() {
        return stepBytes != Long.MAX_VALUE && answered[0] + answered[1] >= stepBytes;
    }

    void cover() {
        for (int i = 0; i < covered.length; i++) {
            covered[i] += answered[i];
            answered[i] = 0;
        }
    }

    void flushed(long untilBytes) {
        durableBytes = Math.max(durableBytes, untilBytes);
        progress.durable(covered[0], covered[1], covered[2]);
        Arrays.fill(covered, 0);
        if (stepBytes != Long.MAX_VALUE) {
            stepBytes = stepBytes > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : stepBytes * 2;
        }
    }

    /** Forgets what was not flushed; returns how much that was. */
    long lost(PieceFlow flow) {
        long bytes = flow.takeLost();
        for (int i = 0; i < covered.length; i++) {
            bytes += i < 2 ? answered[i] + covered[i] : 0;
            answered[i] = 0;
            covered[i] = 0;
        }
        stepBytes = Math.max(SMALLEST_STEP_BYTES, Math.min(SMALL_STEP_BYTES, stepBytes / 4));
        return bytes;
    }
}
