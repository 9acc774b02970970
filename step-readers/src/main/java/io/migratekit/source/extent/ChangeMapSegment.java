package io.migratekit.source.extent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.roaringbitmap.RoaringBitmap;

/**
 * A part of a disk's change map: which blocks of {@code [fromBytes, untilBytes)} are DATA. Immutable.
 *
 * <p>Stored form, big-endian: magic (4 bytes), fromBytes (8), untilBytes (8), blockBytes (4), CRC-32 of the bitmap (4),
 * then the bitmap in the portable Roaring format up to the end.
 */
public final class ChangeMapSegment {
    /** Most blocks of a segment: its bitmap then takes at most about 512 KiB, in memory and as a database value. */
    public static final int BLOCKS_MAX = 1 << 22;

    private static final int MAGIC = 0x4d4b4331; // "MKC1"
    private static final int HEADER_BYTES = 4 + 8 + 8 + 4 + 4;

    private final long fromBytes;
    private final long untilBytes;
    private final int blockBytes;
    private final RoaringBitmap data;
    private final long dataBytes;

    /**
     * Makes a segment that owns {@code data}.
     *
     * @param fromBytes a multiple of blockBytes
     * @param untilBytes greater than fromBytes; the last block may be cut by it (a disk of odd size)
     * @param blockBytes a power of two
     * @param data numbers of DATA blocks, counted from fromBytes; not to be changed any more
     */
    ChangeMapSegment(long fromBytes, long untilBytes, int blockBytes, RoaringBitmap data) {
        long blocks = blockBytes <= 0 ? 0 : (untilBytes - fromBytes + blockBytes - 1) / blockBytes;
        if (blockBytes <= 0 || Integer.bitCount(blockBytes) != 1 || fromBytes < 0 || fromBytes % blockBytes != 0) {
            throw new IllegalArgumentException(
                    "segment at %d with blocks of %d bytes; it must begin on a block, and a block be a power of two"
                            .formatted(fromBytes, blockBytes));
        }
        if (untilBytes <= fromBytes || blocks > BLOCKS_MAX) {
            throw new IllegalArgumentException("segment [%d, %d) of %d blocks; 1 to %d are allowed"
                    .formatted(fromBytes, untilBytes, blocks, BLOCKS_MAX));
        }
        if (!data.isEmpty() && (data.last() < 0 || data.last() >= blocks)) {
            throw new IllegalArgumentException("segment [%d, %d) of %d blocks marks block %s"
                    .formatted(fromBytes, untilBytes, blocks, Integer.toUnsignedString(data.last())));
        }
        this.fromBytes = fromBytes;
        this.untilBytes = untilBytes;
        this.blockBytes = blockBytes;
        this.data = data;
        this.dataBytes = dataBytes(fromBytes, untilBytes);
    }

    /**
     * Reads the stored form.
     *
     * @throws IOException if the bytes are not what {@link #toBytes} wrote: the map is damaged and must be planned again
     */
    public static ChangeMapSegment ofBytes(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER_BYTES || in.getInt() != MAGIC) {
            throw damaged(bytes.length, "it has no segment header");
        }
        long fromBytes = in.getLong();
        long untilBytes = in.getLong();
        int blockBytes = in.getInt();
        int crc = in.getInt();
        if (crc != crc(bytes)) {
            throw damaged(bytes.length, "its checksum does not match");
        }
        try {
            RoaringBitmap data = new RoaringBitmap();
            data.deserialize(in);
            if (data.serializedSizeInBytes() != bytes.length - HEADER_BYTES) {
                throw damaged(bytes.length, "it is longer than its bitmap");
            }
            return new ChangeMapSegment(fromBytes, untilBytes, blockBytes, data);
        } catch (RuntimeException e) {
            throw new IOException("a stored change map segment of %d bytes is damaged".formatted(bytes.length), e);
        }
    }

    /** Returns the stored form, at most about 512 KiB. */
    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + data.serializedSizeInBytes());
        out.position(HEADER_BYTES);
        data.serialize(out);
        out.putInt(0, MAGIC)
                .putLong(4, fromBytes)
                .putLong(12, untilBytes)
                .putInt(20, blockBytes)
                .putInt(24, crc(out.array()));
        return out.array();
    }

    /** Returns the disk offset of the first byte described. */
    public long fromBytes() {
        return fromBytes;
    }

    /** Returns the disk offset behind the last byte described. */
    public long untilBytes() {
        return untilBytes;
    }

    /** Returns the granularity, a power of two. */
    public int blockBytes() {
        return blockBytes;
    }

    /** Returns how many bytes are marked as DATA. */
    public long dataBytes() {
        return dataBytes;
    }

    /** Returns how many bytes of {@code [from, until)} are marked as DATA; both are disk offsets inside the segment. */
    long dataBytes(long from, long until) {
        if (from >= until) {
            return 0;
        }
        int first = blockOf(from);
        int last = blockOf(until - 1);
        long bytes = data.rangeCardinality(first, last + 1L) * blockBytes;
        if (data.contains(first)) {
            bytes -= from - startOf(first);
        }
        if (data.contains(last)) {
            bytes -= startOf(last) + blockBytes - until;
        }
        return bytes;
    }

    /** Returns where the first DATA at or behind {@code offsetBytes} begins, or untilBytes. */
    long nextData(long offsetBytes) {
        long block = offsetBytes >= untilBytes ? -1 : data.nextValue(blockOf(offsetBytes));
        return block < 0 ? untilBytes : Math.max(offsetBytes, startOf(block));
    }

    /** Returns where the first block that is not DATA at or behind {@code offsetBytes} begins, or untilBytes. */
    long nextRest(long offsetBytes) {
        if (offsetBytes >= untilBytes) {
            return untilBytes;
        }
        long block = data.nextAbsentValue(blockOf(offsetBytes));
        return Math.min(untilBytes, Math.max(offsetBytes, startOf(block)));
    }

    /** Returns the end of the block that holds the {@code bytes}-th DATA byte, counted from 1; block-aligned. */
    long endOfData(long bytes) {
        long blocks = (bytes + blockBytes - 1) / blockBytes;
        return Math.min(untilBytes, startOf(data.select((int) (blocks - 1)) + 1L));
    }

    private long startOf(long block) {
        return fromBytes + block * blockBytes;
    }

    private int blockOf(long offsetBytes) {
        return (int) ((offsetBytes - fromBytes) / blockBytes);
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
        return (int) crc.getValue();
    }

    private static IOException damaged(int lengthBytes, String reason) {
        return new IOException(
                "a stored change map segment of %d bytes is damaged: %s; the disk has to be planned again"
                        .formatted(lengthBytes, reason));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChangeMapSegment that
                && fromBytes == that.fromBytes
                && untilBytes == that.untilBytes
                && blockBytes == that.blockBytes
                && data.equals(that.data);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(fromBytes) * 31 + data.hashCode();
    }

    @Override
    public String toString() {
        return "segment [%d, %d) with %d DATA bytes in blocks of %d"
                .formatted(fromBytes, untilBytes, dataBytes, blockBytes);
    }
}
