package io.migratekit.source.extent;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Walks a map, one segment in memory at a time; an extent that crosses the border of segments comes out whole. */
final class SegmentCursor implements ExtentCursor {
    private final ChangeMap map;
    private final long untilBytes;
    private long positionBytes;
    private @Nullable ChangeMapSegment segment;

    SegmentCursor(ChangeMap map, long fromBytes, long untilBytes) {
        this.map = map;
        this.positionBytes = fromBytes;
        this.untilBytes = untilBytes;
    }

    @Override
    public @Nullable Extent next(long lengthBytesMax) throws IOException {
        if (lengthBytesMax < 1) {
            throw new IllegalArgumentException("an extent of at most %d bytes".formatted(lengthBytesMax));
        }
        boolean data = positionBytes < untilBytes && isDataHere();
        if (!data && map.rest() == ChangeMap.Rest.UNCHANGED) {
            positionBytes = endOfRun(false, Long.MAX_VALUE);
            data = true;
        }
        if (positionBytes >= untilBytes) {
            return null;
        }
        long startBytes = positionBytes;
        positionBytes = endOfRun(data, lengthBytesMax);
        return new Extent(startBytes, positionBytes - startBytes, data ? Extent.Kind.DATA : Extent.Kind.ZERO);
    }

    private boolean isDataHere() throws IOException {
        return segmentHere(positionBytes).nextData(positionBytes) == positionBytes;
    }

    /** Returns where the run of blocks that are DATA, or are not, ends that begins at the position. */
    private long endOfRun(boolean data, long lengthBytesMax) throws IOException {
        long limitBytes = lengthBytesMax < untilBytes - positionBytes ? positionBytes + lengthBytesMax : untilBytes;
        long endBytes = positionBytes;
        while (endBytes < limitBytes) {
            ChangeMapSegment here = segmentHere(endBytes);
            endBytes = data ? here.nextRest(endBytes) : here.nextData(endBytes);
            if (endBytes < here.untilBytes()) {
                break;
            }
        }
        return Math.min(endBytes, limitBytes);
    }

    private ChangeMapSegment segmentHere(long offsetBytes) throws IOException {
        ChangeMapSegment here = segment;
        if (here == null || offsetBytes < here.fromBytes() || offsetBytes >= here.untilBytes()) {
            here = map.segmentAt(offsetBytes);
            segment = here;
        }
        return here;
    }

    @Override
    public void close() {
        segment = null;
    }
}
