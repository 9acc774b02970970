package io.migratekit.target;

import java.util.concurrent.TimeUnit;

/**
 * How long requests for zeros are, and how much of them is under way. Most targets make a GiB of zeros at once; some
 * write them out, and one that is asked for more than it can do within the request time-out would count as lost each time.
 * So it begins small, and grows while answers come quickly.
 */
final class ZeroPace {
    static final long FIRST_BYTES = 32 << 20;
    static final long SMALLEST_BYTES = 4 << 20;
    static final long LONGEST_BYTES = 1 << 30;

    /** Requests' worth of zeros under way at once: enough to keep a target busy, few enough to be answered in time. */
    private static final int REQUESTS = 4;

    private static final long QUICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(5);

    private long requestBytes = FIRST_BYTES;
    private long underWayBytes;

    /** Returns how long the next request may be; a power of two. */
    long requestBytes() {
        return requestBytes;
    }

    /** Tells whether more zeros may be asked for before some are answered. */
    boolean hasRoom() {
        return underWayBytes < REQUESTS * requestBytes;
    }

    void begun(long lengthBytes) {
        underWayBytes += lengthBytes;
    }

    /** Takes in that a request was not answered, and is begun again or given up. */
    void dropped(long lengthBytes) {
        underWayBytes -= lengthBytes;
    }

    /** Takes in that a request was answered after so long. */
    void answered(long lengthBytes, long nanos) {
        underWayBytes -= lengthBytes;
        if (nanos > SLOW_NANOS) {
            requestBytes = Math.max(SMALLEST_BYTES, requestBytes / 2);
        } else if (nanos < QUICK_NANOS && lengthBytes >= requestBytes) {
            requestBytes = Math.min(LONGEST_BYTES, requestBytes * 2);
        }
    }

    /** Takes in that the target was lost: maybe it was asked for too much. */
    void lost() {
        underWayBytes = 0;
        requestBytes = SMALLEST_BYTES;
    }
}
