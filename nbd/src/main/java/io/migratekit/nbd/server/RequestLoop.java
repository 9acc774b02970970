package io.migratekit.nbd.server;

import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.nbd.wire.Transmission;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The transmission phase: serves requests one after another, in the order of their arrival. */
final class RequestLoop {
    /** A refused write's payload is skipped up to this; a longer one is no mistake that is worth the bytes. */
    private static final long SKIP_BYTES_MAX = 2L * Transmission.PAYLOAD_BYTES_MAX;

    private final Agreement agreement;
    private final Export export;
    private final ExportDevice device;
    private final Inbound in;
    private final Outbound out;
    private final Replies replies;
    private final ReadReply reads;
    private final StatusReply statuses;

    RequestLoop(Agreement agreement, Inbound in, Outbound out) {
        this.agreement = agreement;
        this.export = agreement.export();
        this.device = export.device();
        this.in = in;
        this.out = out;
        this.replies = new Replies(out, agreement.structured());
        this.reads = new ReadReply(device, out, replies);
        this.statuses = new StatusReply(device, out);
    }

    /** Serves until the client says goodbye or {@code gate} lets no further request in. */
    void run(RequestGate gate) throws IOException {
        try {
            while (gate.awaitRequest(in, out)) {
                Request request = Request.decode(in.buffer());
                if (request.is(Command.DISCONNECT)) {
                    break;
                }
                serve(request);
            }
        } catch (EOFException e) {
            if (!gate.inputEnded()) {
                throw e;
            }
            // The removal ended our side in the middle of a request; those before it are still to be answered.
        }
        out.flush();
    }

    private void serve(Request request) throws IOException {
        Optional<ErrorCode> refusal = request.refusal(export, agreement.structured());
        if (refusal.isPresent()) {
            skipPayload(request, request.lengthBytes());
            replies.failed(request, refusal.get(), refusalWords(request));
            return;
        }
        try {
            execute(request);
        } catch (DeviceError e) {
            replies.failed(request, e.code(), e.words());
        }
    }

    private void execute(Request request) throws IOException, DeviceError {
        switch (Command.of(request.type())) {
            case READ -> read(request);
            case WRITE -> write(request);
            case FLUSH -> changed(request, device::flush);
            case TRIM -> changed(request, () -> device.trim(request.offsetBytes(), request.lengthBytes()));
            case CACHE -> changed(request, () -> device.cache(request.offsetBytes(), request.lengthBytes()));
            case WRITE_ZEROES -> zero(request);
            case BLOCK_STATUS -> blockStatus(request);
            case DISCONNECT -> throw new IllegalStateException("a goodbye has no answer");
        }
    }

    private void read(Request request) throws IOException {
        if (agreement.structured()) {
            reads.structured(request);
        } else {
            reads.simple(request);
        }
    }

    private void write(Request request) throws IOException, DeviceError {
        long doneBytes = 0;
        while (doneBytes < request.lengthBytes()) {
            int pieceBytes = (int) Math.min(Outbound.PIECE_BYTES, request.lengthBytes() - doneBytes);
            ByteBuffer payload = in.needPayload(pieceBytes);
            int end = payload.position() + pieceBytes;
            int limit = payload.limit();
            IOException failure = writePiece(request.offsetBytes() + doneBytes, payload.limit(end));
            payload.limit(limit).position(end);
            doneBytes += pieceBytes;
            if (failure != null) {
                skipPayload(request, request.lengthBytes() - doneBytes);
                throw new DeviceError(failure);
            }
        }
        changed(request, () -> {});
    }

    private @Nullable IOException writePiece(long offsetBytes, ByteBuffer payload) {
        try {
            device.write(offsetBytes, payload);
            return payload.hasRemaining()
                    ? new IOException("the device wrote %d bytes too few".formatted(payload.remaining()))
                    : null;
        } catch (IOException e) {
            return e;
        }
    }

    private void zero(Request request) throws IOException, DeviceError {
        boolean keepAllocated = request.has(Transmission.CMD_NO_HOLE);
        if (!request.has(Transmission.CMD_FAST_ZERO)) {
            changed(request, () -> device.writeZeroes(request.offsetBytes(), request.lengthBytes(), keepAllocated));
            return;
        }
        boolean[] fast = new boolean[1];
        onDevice(() -> fast[0] = device.zeroFast(request.offsetBytes(), request.lengthBytes(), keepAllocated));
        if (fast[0]) {
            changed(request, () -> {});
        } else {
            replies.failed(request, ErrorCode.ENOTSUP, "zeroing here is no faster than writing zeros");
        }
    }

    private void blockStatus(Request request) throws IOException, DeviceError {
        if (!agreement.allocation()) {
            replies.failed(request, ErrorCode.EINVAL, "no metadata context was agreed");
            return;
        }
        statuses.answer(request);
    }

    /** Does the work, flushes if FUA asks for it, and answers. Replies that are ready do not wait for the device. */
    private void changed(Request request, DeviceWork work) throws IOException, DeviceError {
        boolean writes = request.is(Command.WRITE);
        boolean durable = request.has(Transmission.CMD_FUA) && !export.readOnly();
        if (!writes || durable) {
            out.flush();
        }
        onDevice(work);
        if (durable) {
            onDevice(device::flush);
        }
        replies.done(request);
    }

    private static void onDevice(DeviceWork work) throws DeviceError {
        try {
            work.run();
        } catch (IOException e) {
            throw new DeviceError(e);
        }
    }

    private void skipPayload(Request request, long lengthBytes) throws IOException {
        if (!request.is(Command.WRITE)) {
            return;
        }
        if (lengthBytes > SKIP_BYTES_MAX) {
            throw new ProtocolBreach("a write of %d bytes; at most %d are allowed"
                    .formatted(lengthBytes, Transmission.PAYLOAD_BYTES_MAX));
        }
        in.skip(lengthBytes);
    }

    private String refusalWords(Request request) {
        return "export '%s' of %d bytes%s refuses request type %d, flags %#x, offset %s, length %d"
                .formatted(
                        export.name(),
                        export.sizeBytes(),
                        export.readOnly() ? ", read-only," : "",
                        request.type(),
                        request.flags(),
                        Long.toUnsignedString(request.offsetBytes()),
                        request.lengthBytes());
    }

    private interface DeviceWork {
        void run() throws IOException;
    }
}
