package io.migratekit.nbd.client;

import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.nbd.wire.Transmission;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request and what became of it. Made to be reused: {@link #prepare} again once {@link #completed} was called. The
 * three callbacks run on the thread that pumps the connection, and may submit further requests.
 */
public abstract class NbdRequest {
    /** Chunks of one reply; a server that cuts finer than this is broken or hostile, and would cost us memory. */
    private static final int CHUNKS_MAX = 1 << 16;

    private final ByteBuffer header = ByteBuffer.allocateDirect(Transmission.REQUEST_BYTES);
    private Command command = Command.FLUSH;
    private long offsetBytes;
    private long lengthBytes;
    private @Nullable ByteBuffer payload;
    private @Nullable ErrorCode error;
    private String errorWords = "";
    private long dataBytes;
    private long holeBytes;
    private @Nullable Map<String, List<StatusRun>> status;

    // Where a READ's data goes, and from which position; null until the first data came.
    private @Nullable ByteBuffer place;
    private int placeStart;

    // Chunks of a READ that came in several, to see overlaps and to fill holes.
    private final List<Chunk> chunks = new ArrayList<>(2);
    private long highBytes; // end of the farthest chunk
    private int chunkCount;

    private boolean sent;
    private boolean answeredEarly;

    /** A part of a READ, counted from its start. */
    private record Chunk(long start, long end, boolean hole) {}

    /**
     * Sets what to ask for. A WRITE's payload is the remaining bytes of {@code payload}; it must not be touched until
     * {@link #sent}.
     */
    public final void prepare(
            Command command, int flags, long offsetBytes, long lengthBytes, @Nullable ByteBuffer payload) {
        if (lengthBytes < 0 || lengthBytes > 0xffffffffL || offsetBytes < 0) {
            throw new IllegalArgumentException("%s at %d for %d bytes; the length must fit in 32 bits"
                    .formatted(command, offsetBytes, lengthBytes));
        }
        this.command = command;
        this.offsetBytes = offsetBytes;
        this.lengthBytes = lengthBytes;
        this.payload = payload;
        error = null;
        errorWords = "";
        dataBytes = 0;
        holeBytes = 0;
        status = null;
        chunks.clear();
        highBytes = 0;
        chunkCount = 0;
        sent = false;
        answeredEarly = false;
        place = null;
        header.clear();
        header.putInt(Transmission.REQUEST_MAGIC) // 4 bytes
                .putShort((short) flags) // command flags, 2 bytes
                .putShort(command.code) // type, 2 bytes
                .putLong(0) // cookie, 8 bytes, set when submitted
                .putLong(offsetBytes) // 8 bytes
                .putInt((int) lengthBytes); // 4 bytes
        header.flip();
    }

    /**
     * Returns where a READ's data goes, with position and limit around exactly {@link #lengthBytes} bytes; asked for
     * once, when the first data comes. Null pauses the connection's reading until the next pump.
     */
    protected @Nullable ByteBuffer readBuffer() {
        throw new IllegalStateException(command + " has no place for data");
    }

    /** Called when header and payload are in the kernel's hands: the payload may be used again. */
    protected void sent() {}

    /** Called when the last reply is in; see {@link #error}. */
    protected abstract void completed();

    /** Returns what the last {@link #prepare} asked for; the same for {@link #offsetBytes} and {@link #lengthBytes}. */
    public final Command command() {
        return command;
    }

    /** Returns where the range begins, in bytes from the start of the export; 0 for a FLUSH. */
    public final long offsetBytes() {
        return offsetBytes;
    }

    /** Returns how long the range is, in bytes; 0 for a FLUSH, above 4 GiB for none. */
    public final long lengthBytes() {
        return lengthBytes;
    }

    /** The server's error, or null after success. */
    public final @Nullable ErrorCode error() {
        return error;
    }

    /** The server's own words for the error, possibly empty. */
    public final String errorWords() {
        return errorWords;
    }

    /** Tells whether the server said of a READ that all of it is a hole: no buffer was asked for, all is zero. */
    public final boolean allHole() {
        return holeBytes == lengthBytes && dataBytes == 0;
    }

    /** Returns the runs of a BLOCK_STATUS in {@code context}; empty if the server gave none. */
    public final List<StatusRun> status(String context) {
        return status == null ? List.of() : status.getOrDefault(context, List.of());
    }

    final ByteBuffer header() {
        return header;
    }

    final @Nullable ByteBuffer payload() {
        return payload;
    }

    final void stamp(long cookie) {
        header.putLong(8, cookie);
    }

    final void fail(ErrorCode code, String words) {
        if (error == null) {
            error = code;
            errorWords = words;
        }
    }

    /** Tells whether header and payload are in the kernel's hands. */
    final boolean isSent() {
        return sent;
    }

    final void markSent() {
        sent = true;
    }

    /** Tells whether the last reply came before all of the request was sent. */
    final boolean answeredEarly() {
        return answeredEarly;
    }

    final void markAnsweredEarly() {
        answeredEarly = true;
    }

    /** Counts a chunk of the reply; false if there are too many. */
    final boolean countChunk() {
        return ++chunkCount <= CHUNKS_MAX;
    }

    /** Notes the status in one context; false if it was given before. */
    final boolean addStatus(String context, List<StatusRun> runs) {
        if (status == null) {
            status = new HashMap<>();
        }
        return status.put(context, runs) == null;
    }

    /** Tells whether any status was given. */
    final boolean hasStatus() {
        return status != null;
    }

    /** Notes a chunk of a READ; false if it lies outside the request or over another chunk. */
    final boolean cover(long chunkOffsetBytes, long chunkBytes, boolean hole) {
        if (chunkOffsetBytes < offsetBytes || chunkBytes <= 0 || chunkBytes > lengthBytes - dataBytes - holeBytes) {
            return false;
        }
        long start = chunkOffsetBytes - offsetBytes;
        if (start > lengthBytes - chunkBytes || overlaps(start, start + chunkBytes)) {
            return false;
        }
        if (chunkBytes < lengthBytes) {
            chunks.add(new Chunk(start, start + chunkBytes, hole));
            highBytes = Math.max(highBytes, start + chunkBytes);
        }
        if (hole) {
            holeBytes += chunkBytes;
        } else {
            dataBytes += chunkBytes;
        }
        return true;
    }

    private boolean overlaps(long start, long end) {
        if (start >= highBytes) {
            return false; // in order, as most servers send them
        }
        for (Chunk chunk : chunks) {
            if (start < chunk.end && chunk.start < end) {
                return true;
            }
        }
        return false;
    }

    final boolean isCovered() {
        return dataBytes + holeBytes == lengthBytes;
    }

    /** Returns the READ's buffer with position and limit around the chunk, or null if the owner has none now. */
    final @Nullable ByteBuffer place(long chunkOffsetBytes, long chunkBytes) {
        ByteBuffer buffer = place;
        if (buffer == null) {
            buffer = readBuffer();
            if (buffer == null) {
                return null;
            }
            place = buffer;
            placeStart = buffer.position();
        }
        int start = placeStart + (int) (chunkOffsetBytes - offsetBytes);
        return buffer.limit(start + (int) chunkBytes).position(start);
    }

    /** Writes zeros where holes came between data, and sets position and limit around the whole READ. */
    final void completePlace() {
        ByteBuffer buffer = place;
        if (buffer == null) {
            return;
        }
        buffer.limit(placeStart + (int) lengthBytes).position(placeStart);
        for (Chunk chunk : chunks) {
            for (int i = (int) chunk.start; chunk.hole && i < chunk.end; i++) {
                buffer.put(placeStart + i, (byte) 0);
            }
        }
    }

    @Override
    public final String toString() {
        return "%s offset=%d length=%d".formatted(command, offsetBytes, lengthBytes);
    }
}
