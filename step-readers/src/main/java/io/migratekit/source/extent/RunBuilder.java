package io.migratekit.source.extent;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Groups the extents of a range into runs that tile it. */
final class RunBuilder implements AutoCloseable {
    /** Long extents are cut on such borders where possible, so that requests on both sides stay aligned. */
    private static final long CUT_BYTES = 1 << 20;

    private final ExtentCursor cursor;
    private final RunBytes runBytesMax;
    private final int blockBytes;
    private final long untilBytes;
    private long positionBytes;
    private @Nullable Extent pending;

    RunBuilder(ChangeMap map, ByteRange range, RunBytes runBytesMax) throws IOException {
        this.cursor = map.walk(range.fromBytes(), range.untilBytes());
        this.runBytesMax = runBytesMax;
        this.blockBytes = map.blockBytes();
        this.positionBytes = range.fromBytes();
        this.untilBytes = range.untilBytes();
        this.pending = cursor.next(Long.MAX_VALUE);
    }

    /** Returns the run that begins where the last one ended, or null at the end of the range. */
    @Nullable
    ExtentRun next() throws IOException {
        if (positionBytes >= untilBytes) {
            return null;
        }
        long fromBytes = positionBytes;
        List<Extent> extents = new ArrayList<>();
        long dataRoomBytes = Math.max(blockBytes, runBytesMax.dataBytes());
        long zeroRoomBytes = Math.max(blockBytes, runBytesMax.zeroBytes());
        while (pending != null
                && extents.size() < ExtentRunReader.RUN_EXTENTS_MAX
                && Math.min(dataRoomBytes, zeroRoomBytes) >= blockBytes) {
            boolean data = pending.kind() == Extent.Kind.DATA;
            Extent extent = take(pending, data ? dataRoomBytes : zeroRoomBytes);
            extents.add(extent);
            dataRoomBytes -= data ? extent.lengthBytes() : 0;
            zeroRoomBytes -= data ? 0 : extent.lengthBytes();
        }
        positionBytes =
                pending == null ? untilBytes : extents.get(extents.size() - 1).endBytes();
        return new ExtentRun(fromBytes, positionBytes, extents);
    }

    private Extent take(Extent extent, long roomBytes) throws IOException {
        if (extent.lengthBytes() <= roomBytes) {
            pending = cursor.next(Long.MAX_VALUE);
            return extent;
        }
        long endBytes = cut(extent.offsetBytes(), roomBytes);
        pending = new Extent(endBytes, extent.endBytes() - endBytes, extent.kind());
        return new Extent(extent.offsetBytes(), endBytes - extent.offsetBytes(), extent.kind());
    }

    private long cut(long offsetBytes, long roomBytes) {
        long limitBytes = offsetBytes + roomBytes;
        long roundBytes = limitBytes - limitBytes % CUT_BYTES;
        return roundBytes > offsetBytes ? roundBytes : limitBytes - limitBytes % blockBytes;
    }

    @Override
    public void close() {
        cursor.close();
    }
}
