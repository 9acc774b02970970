package io.migratekit.nbd.server;

import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.nbd.wire.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Answers READ: as pieces of data and holes where structured replies were agreed, else as one stretch of data. */
final class ReadReply {
    /** Header, offset of the data. */
    private static final int DATA_HEADER_BYTES = Transmission.STRUCTURED_REPLY_BYTES + 8;

    /** Header, offset of the hole, its length. */
    private static final int HOLE_BYTES = Transmission.STRUCTURED_REPLY_BYTES + 8 + 4;

    private final ExportDevice device;
    private final Outbound out;
    private final Replies replies;

    /** Known to be data at the last look; only a hint, and never one for a hole, which a write may fill meanwhile. */
    private long dataFromBytes;

    private long dataToBytes;

    ReadReply(ExportDevice device, Outbound out, Replies replies) {
        this.device = device;
        this.out = out;
        this.replies = replies;
    }

    void simple(Request request) throws IOException {
        long atBytes = request.offsetBytes();
        boolean begun = false;
        while (atBytes < request.endBytes()) {
            int pieceBytes = (int) Math.min(Outbound.PIECE_BYTES, request.endBytes() - atBytes);
            ByteBuffer buffer = out.room(Transmission.SIMPLE_REPLY_BYTES + pieceBytes);
            int start = buffer.position();
            if (!begun) {
                Replies.putSimple(buffer, request, 0);
            }
            try {
                readInto(buffer, atBytes, pieceBytes);
            } catch (IOException e) {
                buffer.position(start);
                if (begun) {
                    throw e; // a simple reply cannot take its promise back: the connection must end
                }
                replies.failed(request, DeviceError.code(e), DeviceError.words(e));
                return;
            }
            begun = true;
            atBytes += pieceBytes;
        }
    }

    void structured(Request request) throws IOException {
        boolean whole = request.has(Transmission.CMD_DF);
        if (whole && request.lengthBytes() > Outbound.PIECE_BYTES) {
            replies.failed(
                    request,
                    ErrorCode.EOVERFLOW,
                    "an unfragmented read may have %d bytes".formatted(Outbound.PIECE_BYTES));
            return;
        }
        long atBytes = request.offsetBytes();
        try {
            while (atBytes < request.endBytes()) {
                atBytes += whole ? data(request, atBytes, request.lengthBytes()) : next(request, atBytes);
            }
        } catch (DeviceError e) {
            replies.failed(request, e.code(), e.words());
        }
    }

    /** Sends the next data or hole and returns its length. */
    private long next(Request request, long atBytes) throws IOException, DeviceError {
        long leftBytes = request.endBytes() - atBytes;
        if (atBytes >= dataFromBytes && atBytes < dataToBytes) {
            return data(request, atBytes, Math.min(leftBytes, dataToBytes - atBytes));
        }
        AllocationRun run;
        try {
            // Looking beyond the request spares the next ones the question.
            run = device.allocation(atBytes, device.sizeBytes() - atBytes);
        } catch (IOException e) {
            throw new DeviceError(e);
        }
        long runBytes = Math.min(leftBytes, run.lengthBytes());
        if (run.zero()) {
            hole(request, atBytes, runBytes);
            return runBytes;
        }
        dataFromBytes = atBytes;
        dataToBytes = atBytes + run.lengthBytes();
        return data(request, atBytes, runBytes);
    }

    private long data(Request request, long atBytes, long lengthBytes) throws IOException, DeviceError {
        int pieceBytes = (int) Math.min(Outbound.PIECE_BYTES, lengthBytes);
        ByteBuffer buffer = out.room(DATA_HEADER_BYTES + pieceBytes);
        int start = buffer.position();
        int flags = atBytes + pieceBytes == request.endBytes() ? Transmission.REPLY_DONE : 0;
        Replies.putChunk(buffer, request, flags, Transmission.REPLY_OFFSET_DATA, 8 + pieceBytes);
        buffer.putLong(atBytes); // offset, 8 bytes
        try {
            readInto(buffer, atBytes, pieceBytes);
        } catch (IOException e) {
            buffer.position(start);
            throw new DeviceError(e);
        }
        return pieceBytes;
    }

    private void hole(Request request, long atBytes, long lengthBytes) throws IOException {
        int flags = atBytes + lengthBytes == request.endBytes() ? Transmission.REPLY_DONE : 0;
        ByteBuffer buffer = out.room(HOLE_BYTES);
        Replies.putChunk(buffer, request, flags, Transmission.REPLY_OFFSET_HOLE, 12);
        buffer.putLong(atBytes) // offset, 8 bytes
                .putInt((int) lengthBytes); // length, 4 bytes
    }

    private void readInto(ByteBuffer buffer, long atBytes, int lengthBytes) throws IOException {
        int end = buffer.position() + lengthBytes;
        buffer.limit(end);
        try {
            device.read(atBytes, buffer);
        } finally {
            buffer.limit(buffer.capacity());
        }
        if (buffer.position() != end) {
            throw new IOException("the device read %d bytes too few".formatted(end - buffer.position()));
        }
    }
}
