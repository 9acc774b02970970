package io.migratekit.source.extent;

import java.io.IOException;
import org.roaringbitmap.RoaringBitmap;

/** A map in the making, held in memory until its coverage is proven. */
final class DraftMap {
    private final long capacityBytes;
    private final int blockBytes;
    private final long segmentBytes;
    private final RoaringBitmap[] segments;
    private long markedBytes;

    DraftMap(long capacityBytes) {
        this.capacityBytes = capacityBytes;
        this.blockBytes = ChangeMap.blockBytes(capacityBytes);
        this.segmentBytes = (long) blockBytes * ChangeMapSegment.BLOCKS_MAX;
        this.segments = new RoaringBitmap[(int) ((capacityBytes + segmentBytes - 1) / segmentBytes)];
        for (int index = 0; index < segments.length; index++) {
            segments[index] = new RoaringBitmap();
        }
    }

    /** Marks every block that {@code area} touches; what lies behind the capacity is left out. */
    void markData(Extent area) {
        long untilBytes = Math.min(area.endBytes(), capacityBytes);
        long positionBytes = area.offsetBytes();
        while (positionBytes < untilBytes) {
            int index = (int) (positionBytes / segmentBytes);
            long segmentFrom = index * segmentBytes;
            long endBytes = Math.min(untilBytes, segmentFrom + segmentBytes);
            segments[index].add(
                    (positionBytes - segmentFrom) / blockBytes, (endBytes - segmentFrom + blockBytes - 1) / blockBytes);
            markedBytes += endBytes - positionBytes;
            positionBytes = endBytes;
        }
    }

    /** Returns the sum of the areas' lengths inside the disk. */
    long markedBytes() {
        return markedBytes;
    }

    void store(ChangeMapSegments target) throws IOException {
        for (int index = 0; index < segments.length; index++) {
            long fromBytes = index * segmentBytes;
            RoaringBitmap data = segments[index];
            data.runOptimize();
            target.append(new ChangeMapSegment(
                    fromBytes, Math.min(capacityBytes, fromBytes + segmentBytes), blockBytes, data));
        }
    }
}
