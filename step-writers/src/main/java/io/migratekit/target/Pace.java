package io.migratekit.target;

import java.util.concurrent.TimeUnit;

/**
 * How long requests are: short next to peers that answer at once, so that data stays in the processor's cache; long to
 * peers that are far, so that few answers have to be waited for. Decided once, from the first answers.
 */
final class Pace {
    /** Answers looked at before deciding; the quickest of them counts, since the first ones suffer from start-up. */
    private static final int PROBES = 6;

    /** Peers whose quickest first answer takes longer count as far. */
    private static final long FAR_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final int nearBytes;
    private final int farBytes;
    private final Probe reads = new Probe();
    private final Probe writes = new Probe();
    private boolean far;

    Pace(CopySettings settings, int payloadBytesMax) {
        int longest = Integer.highestOneBit(payloadBytesMax);
        nearBytes = Math.min(settings.requestBytes(), longest);
        farBytes = Math.min(settings.farRequestBytes(), longest);
    }

    int requestBytes() {
        return far ? farBytes : nearBytes;
    }

    int readsMax(int nearMax) {
        return far ? Integer.MAX_VALUE : nearMax;
    }

    void readAnswered(long submitNanos, BufferStack buffers) {
        probe(reads, submitNanos, buffers);
    }

    void writeAnswered(long submitNanos, BufferStack buffers) {
        probe(writes, submitNanos, buffers);
    }

    private void probe(Probe probe, long submitNanos, BufferStack buffers) {
        if (!far && probe.saysFar(submitNanos)) {
            far = true;
            buffers.resize(farBytes);
        }
    }

    /** The quickest of the first answers. */
    private static final class Probe {
        private int count;
        private long quickestNanos = Long.MAX_VALUE;

        boolean saysFar(long submitNanos) {
            if (count == PROBES) {
                return false;
            }
            count++;
            quickestNanos = Math.min(quickestNanos, System.nanoTime() - submitNanos);
            return count == PROBES && quickestNanos > FAR_NANOS;
        }
    }
}
