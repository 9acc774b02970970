package io.migratekit.source.extent;

/**
 * A run of bytes on one disk, {@code [offsetBytes, offsetBytes + lengthBytes)}, that has to be made equal on the
 * target.
 *
 * @param offsetBytes first byte, from 0
 * @param lengthBytes at least 1; the end is addressable
 * @param kind what the source says of its content
 */
public record Extent(long offsetBytes, long lengthBytes, Kind kind) {

    /** What the source says of an extent's content. */
    public enum Kind {
        /** Content that has to be read; it may turn out to be zero. */
        DATA,
        /** Reads as zero, and the source says so (base:allocation with ZERO); need not be read. */
        ZERO
    }

    public Extent {
        if (offsetBytes < 0 || lengthBytes <= 0) {
            throw new IllegalArgumentException("extent at %d for %d bytes; offset must be >= 0 and length > 0"
                    .formatted(offsetBytes, lengthBytes));
        }
        Math.addExact(offsetBytes, lengthBytes); // the end must be addressable
    }

    /** Returns the first byte behind the extent. */
    public long endBytes() {
        return offsetBytes + lengthBytes;
    }
}
