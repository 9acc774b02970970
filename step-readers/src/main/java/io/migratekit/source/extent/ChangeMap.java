package io.migratekit.source.extent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The stored map of what has to be copied on one disk. It covers the whole disk: every block is DATA, or it is the
 * map's {@link Rest}. Immutable; may be read by several threads, each with its own cursor.
 */
public final class ChangeMap {
    /** Most blocks of a map: 2^28, 32 MiB of bits at worst. */
    static final long BLOCKS_MAX = 1L << 28;

    /** Most segments of a map. */
    public static final int SEGMENTS_MAX = (int) (BLOCKS_MAX / ChangeMapSegment.BLOCKS_MAX);

    private static final int BLOCK_BYTES_MIN = 4096;

    /** What the blocks are that are not marked as DATA. */
    public enum Rest {
        /** They read as zero at the source (a full copy). */
        ZERO,
        /** They are the same as at the base of an incremental copy: nothing to do. */
        UNCHANGED
    }

    private final long capacityBytes;
    private final Rest rest;
    private final ChangeMapSegments segments;
    private final List<ChangeMapSegments.Summary> summaries;

    /**
     * Opens a map that the planner stored.
     *
     * @throws IOException if the stored segments do not tile the disk exactly: then nothing may be copied by them
     */
    public ChangeMap(long capacityBytes, Rest rest, ChangeMapSegments segments) throws IOException {
        this.capacityBytes = capacityBytes;
        this.rest = rest;
        this.segments = segments;
        this.summaries = List.copyOf(segments.summaries());
        long position = 0;
        for (ChangeMapSegments.Summary summary : summaries) {
            if (summary.fromBytes() != position) {
                break;
            }
            position = summary.untilBytes();
        }
        if (position != capacityBytes) {
            throw new IOException(
                    "the stored change map covers [0, %d) of a disk of %d bytes; the disk has to be planned again"
                            .formatted(position, capacityBytes));
        }
    }

    /** Returns the granularity of maps of disks of {@code capacityBytes}: 4 KiB up to 1 TiB, then growing with the size. */
    public static int blockBytes(long capacityBytes) {
        long blockBytes = BLOCK_BYTES_MIN;
        while ((capacityBytes - 1) / blockBytes + 1 > BLOCKS_MAX) {
            blockBytes *= 2;
        }
        if (blockBytes > 1 << 30) {
            throw new IllegalArgumentException("a disk of %d bytes is too large".formatted(capacityBytes));
        }
        return (int) blockBytes;
    }

    /** Returns the size of the disk. */
    public long capacityBytes() {
        return capacityBytes;
    }

    /** Returns what the blocks are that are not DATA. */
    public Rest rest() {
        return rest;
    }

    /** Returns the granularity of this map. */
    public int blockBytes() {
        return blockBytes(capacityBytes);
    }

    /** Starts a walk over the extents of {@code [fromBytes, untilBytes)}. */
    public ExtentCursor walk(long fromBytes, long untilBytes) {
        check(fromBytes, untilBytes);
        return new SegmentCursor(this, fromBytes, untilBytes);
    }

    /** Returns how many bytes of {@code kind} lie in {@code [fromBytes, untilBytes)}. */
    public long bytes(Extent.Kind kind, long fromBytes, long untilBytes) throws IOException {
        check(fromBytes, untilBytes);
        return switch (kind) {
            case DATA -> dataBytes(fromBytes, untilBytes);
            case ZERO -> rest == Rest.UNCHANGED ? 0 : untilBytes - fromBytes - dataBytes(fromBytes, untilBytes);
        };
    }

    /**
     * Cuts the disk into at most {@code parts} ranges with about equally many DATA bytes, on block borders. The ranges
     * tile the disk; a disk of size 0 has none, a disk without DATA has one. The same map and number give the same
     * ranges, also after a restart.
     */
    public List<ByteRange> split(int parts) throws IOException {
        if (parts < 1) {
            throw new IllegalArgumentException("a disk cannot be cut into %d parts".formatted(parts));
        }
        List<ByteRange> ranges = new ArrayList<>(parts);
        long dataBytes = dataBytes(0, capacityBytes);
        long fromBytes = 0;
        for (int part = 1; part < parts; part++) {
            long untilBytes = endOfData(Math.floorDiv(dataBytes, parts) * part);
            if (untilBytes > fromBytes && untilBytes < capacityBytes) {
                ranges.add(new ByteRange(fromBytes, untilBytes));
                fromBytes = untilBytes;
            }
        }
        if (fromBytes < capacityBytes) {
            ranges.add(new ByteRange(fromBytes, capacityBytes));
        }
        return ranges;
    }

    /** Loads the stored segment that holds {@code offsetBytes}. */
    ChangeMapSegment segmentAt(long offsetBytes) throws IOException {
        for (ChangeMapSegments.Summary summary : summaries) {
            if (offsetBytes >= summary.fromBytes() && offsetBytes < summary.untilBytes()) {
                return load(summary);
            }
        }
        throw new IllegalArgumentException("offset %d on a disk of %d bytes".formatted(offsetBytes, capacityBytes));
    }

    private long dataBytes(long fromBytes, long untilBytes) throws IOException {
        long bytes = 0;
        for (ChangeMapSegments.Summary summary : summaries) {
            long from = Math.max(fromBytes, summary.fromBytes());
            long until = Math.min(untilBytes, summary.untilBytes());
            if (from == summary.fromBytes() && until == summary.untilBytes()) {
                bytes += summary.dataBytes();
            } else if (from < until) {
                bytes += load(summary).dataBytes(from, until);
            }
        }
        return bytes;
    }

    /** Returns the end of the block that holds the {@code bytes}-th DATA byte of the disk, or 0 if bytes is 0. */
    private long endOfData(long bytes) throws IOException {
        long before = 0;
        for (ChangeMapSegments.Summary summary : summaries) {
            if (bytes > before && bytes <= before + summary.dataBytes()) {
                return load(summary).endOfData(bytes - before);
            }
            before += summary.dataBytes();
        }
        return 0;
    }

    /**
     * Reads all that is stored of the map.
     *
     * @throws IOException if any of it is damaged or lost
     */
    public void check() throws IOException {
        for (ChangeMapSegments.Summary summary : summaries) {
            load(summary);
        }
    }

    private ChangeMapSegment load(ChangeMapSegments.Summary summary) throws IOException {
        ChangeMapSegment segment = segments.find(summary.fromBytes())
                .orElseThrow(() -> new IOException(
                        "the stored change map has lost its segment at %d; the disk has to be planned again"
                                .formatted(summary.fromBytes())));
        if (segment.fromBytes() != summary.fromBytes()
                || segment.untilBytes() != summary.untilBytes()
                || segment.dataBytes() != summary.dataBytes()) {
            throw new IOException("the stored change map says %s of %s; the disk has to be planned again"
                    .formatted(summary, segment));
        }
        return segment;
    }

    private void check(long fromBytes, long untilBytes) {
        if (fromBytes < 0 || untilBytes < fromBytes || untilBytes > capacityBytes) {
            throw new IllegalArgumentException(
                    "range [%d, %d) on a disk of %d bytes".formatted(fromBytes, untilBytes, capacityBytes));
        }
    }
}
