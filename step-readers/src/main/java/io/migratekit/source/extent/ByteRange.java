package io.migratekit.source.extent;

/**
 * A part of one disk that is copied with one cursor.
 *
 * @param fromBytes first byte, from 0
 * @param untilBytes first byte behind it; at least fromBytes
 */
public record ByteRange(long fromBytes, long untilBytes) {
    public ByteRange {
        if (fromBytes < 0 || untilBytes < fromBytes) {
            throw new IllegalArgumentException("range [%d, %d) ends before it begins".formatted(fromBytes, untilBytes));
        }
    }

    /** Returns how many bytes lie inside, whether they need copying or not. */
    public long lengthBytes() {
        return untilBytes - fromBytes;
    }
}
