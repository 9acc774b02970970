package io.migratekit.target;

import java.util.concurrent.atomic.LongAdder;

/**
 * What became of the bytes, counted once they are flushed on the target; shared by the ranges of a disk and read by
 * anyone. Not stored: after a restart it begins at zero.
 */
public final class CopyProgress {
    private final LongAdder copiedBytes = new LongAdder();
    private final LongAdder zeroedBytes = new LongAdder();
    private final LongAdder skippedBytes = new LongAdder();
    private final LongAdder recopiedBytes = new LongAdder();
    private final LongAdder movedBytes = new LongAdder();
    private final LongAdder reconnects = new LongAdder();
    private final LongAdder commitNanos = new LongAdder();
    private final Events events;

    /** Hears of what a person should know while it goes on; called on the copying thread. */
    public interface Events {
        /**
         * A peer is lost and is being tried again.
         *
         * @param side "source" or "target"
         * @param reason what happened, for a person
         * @param attempt from 1
         */
        void reconnecting(String side, String reason, int attempt);

        /** The peer is back; the copy goes on. */
        void reconnected(String side, int attempts);

        /** A request failed and is tried again. */
        void retrying(String reason, int attempt);
    }

    /**
     * Numbers at one moment.
     *
     * @param copiedBytes written as data and flushed
     * @param zeroedBytes made zero by WRITE_ZEROES and flushed
     * @param skippedBytes zeros left out on a target known to be zero there
     * @param recopiedBytes moved a second time because the target was lost before a flush
     * @param movedBytes all of these, counted at once when the target answered: for a rate that does not jump
     * @param reconnects connections made anew
     * @param commitNanos time in which nothing was on its way because a flush or the storing of a cursor was awaited, all ranges
     *     added up
     */
    public record Numbers(
            long copiedBytes,
            long zeroedBytes,
            long skippedBytes,
            long recopiedBytes,
            long movedBytes,
            long reconnects,
            long commitNanos) {}

    public CopyProgress(Events events) {
        this.events = events;
    }

    /** Returns what has been counted so far, by this object alone: a restart begins at zero. May be called by any thread. */
    public Numbers numbers() {
        return new Numbers(
                copiedBytes.sum(),
                zeroedBytes.sum(),
                skippedBytes.sum(),
                recopiedBytes.sum(),
                movedBytes.sum(),
                reconnects.sum(),
                commitNanos.sum());
    }

    Events events() {
        return events;
    }

    void moved(long bytes) {
        movedBytes.add(bytes);
    }

    void durable(long copied, long zeroed, long skipped) {
        copiedBytes.add(copied);
        zeroedBytes.add(zeroed);
        skippedBytes.add(skipped);
    }

    void recopied(long bytes) {
        recopiedBytes.add(bytes);
    }

    void reconnected() {
        reconnects.increment();
    }

    void stalled(long nanos) {
        commitNanos.add(nanos);
    }
}
