package io.migratekit.nbd.server;

import io.migratekit.nbd.wire.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Answers BLOCK_STATUS for base:allocation (protocol document, "Block status reply"). */
final class StatusReply {
    /** Id that SET_META_CONTEXT gives to base:allocation. */
    static final int CONTEXT_ID = 1;

    /** Runs per reply; a client asks again from where the reply ends. Each run may cost two system calls. */
    private static final int RUNS_MAX = 1024;

    private final ExportDevice device;
    private final Outbound out;

    StatusReply(ExportDevice device, Outbound out) {
        this.device = device;
        this.out = out;
    }

    void answer(Request request) throws IOException, DeviceError {
        int headerBytes = Transmission.STRUCTURED_REPLY_BYTES + 4;
        ByteBuffer buffer = out.room(headerBytes + 8 * RUNS_MAX);
        int start = buffer.position();
        buffer.position(start + headerBytes);
        int runs;
        try {
            runs = putRuns(buffer, request);
        } catch (IOException e) {
            buffer.position(start);
            throw new DeviceError(e);
        }
        int end = buffer.position();
        buffer.position(start);
        Replies.putChunk(buffer, request, Transmission.REPLY_DONE, Transmission.REPLY_BLOCK_STATUS, 4 + 8 * runs);
        buffer.putInt(CONTEXT_ID) // context id, 4 bytes
                .position(end);
    }

    /** Puts the runs from the start of the request, neighbours of one kind as one; returns how many. */
    private int putRuns(ByteBuffer buffer, Request request) throws IOException {
        int runsMax = request.has(Transmission.CMD_REQ_ONE) ? 1 : RUNS_MAX;
        int runs = 0;
        long atBytes = request.offsetBytes();
        long runFromBytes = atBytes;
        int flags = -1;
        while (atBytes < request.endBytes()) {
            AllocationRun run = device.allocation(atBytes, request.endBytes() - atBytes);
            if (flags != -1 && run.flags() != flags) {
                putRun(buffer, atBytes - runFromBytes, flags);
                runFromBytes = atBytes;
                if (++runs == runsMax) {
                    return runs;
                }
            }
            flags = run.flags();
            atBytes += Math.min(run.lengthBytes(), request.endBytes() - atBytes);
        }
        putRun(buffer, atBytes - runFromBytes, flags);
        return runs + 1;
    }

    private static void putRun(ByteBuffer buffer, long lengthBytes, int flags) {
        buffer.putInt((int) lengthBytes) // length, 4 bytes
                .putInt(flags); // status flags, 4 bytes
    }
}
