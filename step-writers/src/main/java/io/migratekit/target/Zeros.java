package io.migratekit.target;

import java.nio.ByteBuffer;

/** The test whether bytes are all zero: every byte is looked at, none is sampled. */
final class Zeros {
    private static final int PROBE_BYTES = 64;

    private Zeros() {}

    /** Tells whether {@code [start, end)} of {@code buffer} is zero. Position and limit do not matter. */
    static boolean all(ByteBuffer buffer, int start, int end) {
        int length = end - start;
        int probed = Math.min(length, PROBE_BYTES);
        for (int i = start; i < start + probed; i++) {
            if (buffer.get(i) != 0) {
                return false;
            }
        }
        // If the first bytes are zero and every byte equals the one 64 before it, all are zero. The JDK's comparison
        // of two buffers is vectorised, and both views share the cache.
        return length <= PROBE_BYTES
                || buffer.slice(start, length - PROBE_BYTES)
                                .mismatch(buffer.slice(start + PROBE_BYTES, length - PROBE_BYTES))
                        < 0;
    }
}
