package io.migratekit.nbd.client;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.nbd.wire.Transmission;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes replies apart as they come in, however the bytes are cut (protocol document, "Simple reply message" and
 * "Structured reply chunk message"). READ data goes from the socket straight to its buffer. Anything that does not fit
 * ends the connection: after a wrong length or an unknown cookie nobody can tell where the next reply begins.
 */
final class ReplyDecoder {
    /** Headers are read in pieces of this size; what follows a header is mostly in the same piece. */
    private static final int HEADER_BUFFER_BYTES = 4096;

    /** Longest payload of a reply that is not READ data; a BLOCK_STATUS of nbdkit may have a million descriptors. */
    private static final int REPLY_BYTES_MAX = 16 << 20;

    private final Link link;
    private final Negotiation.Agreed agreed;
    private final ReplyChunks chunks;
    private final LongFunction<@Nullable NbdRequest> find;
    private final Consumer<NbdRequest> finish;
    private final ByteBuffer in = ByteBuffer.allocateDirect(HEADER_BUFFER_BYTES).flip();

    // The reply chunk being received; request is null between chunks.
    private @Nullable NbdRequest request;
    private int type;
    private boolean last;
    private @Nullable ByteBuffer data; // where READ data goes, limit at the end of the chunk
    private @Nullable ByteBuffer body; // payload of every other chunk
    private long pausedBytes = -1; // length of the READ data that no buffer was given for yet
    private long pausedOffset;
    private boolean partly; // whether the last look at a payload brought any byte

    ReplyDecoder(
            Link link,
            Negotiation.Agreed agreed,
            LongFunction<@Nullable NbdRequest> find,
            Consumer<NbdRequest> finish) {
        this.link = link;
        this.agreed = agreed;
        this.chunks = new ReplyChunks(agreed.contexts());
        this.find = find;
        this.finish = finish;
    }

    /** Tells whether reading stands still because a READ got no buffer. */
    boolean paused() {
        return pausedBytes >= 0;
    }

    /** Receives until nothing is there, a READ is finished, or a READ gets no buffer; true if anything came. */
    boolean receive() throws IOException {
        boolean moved = false;
        if (paused()) {
            if (!beginData(pausedOffset, pausedBytes)) {
                return false;
            }
            moved = true;
        }
        while (true) {
            NbdRequest current = request;
            if (current == null) {
                if (!header()) {
                    return moved;
                }
                moved = true;
                if (paused()) {
                    return moved;
                }
            } else if (payload()) {
                moved = true;
                if (endChunk(current)) {
                    return true;
                }
            } else {
                return moved || partly;
            }
        }
    }

    /** Reads the next header; false if it is not all there. */
    private boolean header() throws IOException {
        if (!available(4)) {
            return false;
        }
        int magic = in.getInt(in.position());
        if (magic == Transmission.SIMPLE_REPLY_MAGIC) {
            return available(Transmission.SIMPLE_REPLY_BYTES) && simple();
        }
        if (magic == Transmission.STRUCTURED_REPLY_MAGIC && agreed.structuredReplies()) {
            return available(Transmission.STRUCTURED_REPLY_BYTES) && structured();
        }
        throw violation("a reply begins with %08x".formatted(magic));
    }

    private boolean simple() throws IOException {
        in.getInt(); // magic, 4 bytes
        int error = in.getInt(); // error, 4 bytes
        NbdRequest found = lookUp(in.getLong()); // cookie, 8 bytes
        request = found;
        type = Transmission.REPLY_NONE;
        last = true;
        body = ByteBuffer.allocate(0);
        if (error != 0) {
            found.fail(ErrorCode.of(error), "");
        } else if (found.command() == Command.READ) {
            if (agreed.structuredReplies()) {
                throw violation("a simple reply to %s where structured replies were agreed".formatted(found));
            }
            type = Transmission.REPLY_OFFSET_DATA;
            body = null;
            beginData(found.offsetBytes(), found.lengthBytes());
        } else if (found.command() == Command.BLOCK_STATUS) {
            throw violation("a simple reply without error to %s".formatted(found));
        }
        return true;
    }

    private boolean structured() throws IOException {
        // the offset of a data chunk counts as its header for us
        if ((in.getShort(in.position() + 6) & 0xffff) == Transmission.REPLY_OFFSET_DATA
                && !available(Transmission.STRUCTURED_REPLY_BYTES + 8)) {
            return false;
        }
        in.getInt(); // magic, 4 bytes
        last = (in.getShort() & Transmission.REPLY_DONE) != 0; // flags, 2 bytes
        type = in.getShort() & 0xffff; // type, 2 bytes
        NbdRequest found = lookUp(in.getLong()); // cookie, 8 bytes
        int length = in.getInt(); // length, 4 bytes
        if (!found.countChunk()) {
            throw violation("a reply in too many chunks to %s".formatted(found));
        }
        request = found;
        body = null;
        if (type == Transmission.REPLY_OFFSET_DATA) {
            if (found.command() != Command.READ || length <= 8 || length - 8 > found.lengthBytes()) {
                throw violation("%d bytes of data in reply to %s".formatted(length & 0xffffffffL, found));
            }
            beginData(in.getLong(), length - 8L); // offset, 8 bytes
            return true;
        }
        if (length < 0 || length > REPLY_BYTES_MAX) {
            throw violation("a reply of %d bytes to %s; %d is the most"
                    .formatted(length & 0xffffffffL, found, REPLY_BYTES_MAX));
        }
        body = ByteBuffer.allocate(length);
        return true;
    }

    /** Covers the chunk and finds the place for its data; false (and paused) if the request has none now. */
    private boolean beginData(long offsetBytes, long lengthBytes) throws IOException {
        NbdRequest read = Objects.requireNonNull(request);
        if (!paused() && !read.cover(offsetBytes, lengthBytes, false)) {
            throw violation("%d bytes at %d in reply to %s".formatted(lengthBytes, offsetBytes, read));
        }
        data = read.place(offsetBytes, lengthBytes);
        pausedOffset = offsetBytes;
        pausedBytes = data == null ? lengthBytes : -1;
        return data != null;
    }

    private NbdRequest lookUp(long cookie) throws NbdException {
        NbdRequest found = find.apply(cookie);
        if (found == null) {
            throw violation("a reply with cookie %016x, which no request has (answered twice?)".formatted(cookie));
        }
        return found;
    }

    /** Receives the rest of the chunk's payload; false if it is not all there. */
    private boolean payload() throws IOException {
        ByteBuffer target = data != null ? data : Objects.requireNonNull(body);
        partly = false;
        if (in.hasRemaining() && target.hasRemaining()) {
            int take = Math.min(in.remaining(), target.remaining());
            target.put(target.position(), in, in.position(), take);
            target.position(target.position() + take);
            in.position(in.position() + take);
            partly = true;
        }
        while (target.hasRemaining()) {
            int got = link.read(target);
            if (got <= 0) {
                endOfStream(got);
                return false;
            }
            partly = true;
        }
        return true;
    }

    /** Ends the chunk; true if that finished a READ. */
    private boolean endChunk(NbdRequest done) throws NbdException {
        ByteBuffer payload = body;
        data = null;
        body = null;
        request = null;
        if (payload != null) {
            payload.flip();
            String breach = chunks.take(done, type, last, payload);
            if (breach != null) {
                throw violation(breach + " in reply to " + done);
            }
        }
        if (!last) {
            return false;
        }
        endRequest(done);
        return done.command() == Command.READ;
    }

    private void endRequest(NbdRequest done) throws NbdException {
        checkSent(done);
        if (done.error() == null && done.command() == Command.READ) {
            if (!done.isCovered()) {
                throw violation("the reply to %s ends before all of it came".formatted(done));
            }
            done.completePlace();
        }
        if (done.error() == null && done.command() == Command.BLOCK_STATUS && !done.hasStatus()) {
            throw violation("no status in reply to %s".formatted(done));
        }
        finish.accept(done);
    }

    /** A server may refuse on sight, but cannot have done what it has not heard yet. */
    private void checkSent(NbdRequest answered) throws NbdException {
        if (!answered.isSent() && answered.error() == null) {
            throw violation("success before all of %s was sent".formatted(answered));
        }
    }

    /** Makes {@code bytes} contiguous in {@link #in}; false if they are not there yet. */
    private boolean available(int bytes) throws IOException {
        while (in.remaining() < bytes) {
            in.compact();
            int got;
            try {
                got = link.read(in);
            } finally {
                in.flip();
            }
            if (got <= 0) {
                endOfStream(got);
                return false;
            }
        }
        return true;
    }

    private void endOfStream(int got) throws NbdException {
        if (got < 0) {
            throw new NbdException.Disconnected(
                    "%s closed the connection with requests under way; see the server's log".formatted(link.uri()));
        }
    }

    private NbdException violation(String what) {
        return new NbdException.Violation(
                "%s breaks the NBD protocol: %s. The connection is ended".formatted(link.uri(), what));
    }
}
