package io.migratekit.nbd.server;

import io.migratekit.nbd.wire.Transmission;

/**
 * How a stretch of a device is stored ({@code base:allocation} of the protocol document).
 *
 * @param lengthBytes length, at least 1
 * @param hole no space is reserved for it
 * @param zero it reads as zeros
 */
public record AllocationRun(long lengthBytes, boolean hole, boolean zero) {
    public AllocationRun {
        if (lengthBytes < 1) {
            throw new IllegalArgumentException("run of %d bytes; at least 1 is needed".formatted(lengthBytes));
        }
    }

    /** Returns a run of which nothing is promised. */
    public static AllocationRun data(long lengthBytes) {
        return new AllocationRun(lengthBytes, false, false);
    }

    /** Returns a run that takes no space and reads as zeros. */
    public static AllocationRun emptyHole(long lengthBytes) {
        return new AllocationRun(lengthBytes, true, true);
    }

    int flags() {
        return (hole ? Transmission.STATE_HOLE : 0) | (zero ? Transmission.STATE_ZERO : 0);
    }
}
