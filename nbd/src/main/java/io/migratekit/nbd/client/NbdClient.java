package io.migratekit.nbd.client;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.nbd.wire.Transmission;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection, one request at a time: for planning, checks and small reads. Every method blocks until the answer is
 * there. Long reads and writes are cut to what the server allows. Confined to one thread; a {@link
 * NbdException.Disconnected} or {@link NbdException.Violation} ends it, a {@link NbdException.RequestFailed} does not.
 */
public final class NbdClient implements AutoCloseable {
    /** WRITE_ZEROES, TRIM, CACHE and BLOCK_STATUS are cut to this: below 4 GiB and a multiple of every block size. */
    private static final long RANGE_BYTES_MAX = 1L << 31;

    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final NbdUri uri;
    private final Waiter waiter;
    private final NbdPipe pipe;
    private final Call call = new Call();

    /** The one request under way. */
    private static final class Call extends NbdRequest {
        private @Nullable ByteBuffer into;
        private boolean done;

        @Override
        protected @Nullable ByteBuffer readBuffer() {
            return into;
        }

        @Override
        protected void completed() {
            done = true;
        }
    }

    private NbdClient(NbdUri uri, Waiter waiter, NbdPipe pipe) {
        this.uri = uri;
        this.waiter = waiter;
        this.pipe = pipe;
    }

    /**
     * Connects and negotiates.
     *
     * @throws NbdException.Refused if the server says no; trying again does not help
     * @throws NbdException.Disconnected if it cannot be reached now
     */
    public static NbdClient connect(NbdUri uri, ClientOptions options) throws NbdException {
        Waiter waiter = Waiter.open();
        try {
            return new NbdClient(uri, waiter, NbdPipe.open(uri, options, waiter));
        } catch (NbdException | RuntimeException e) {
            waiter.close();
            throw e;
        }
    }

    /** Returns what the server at {@code uri} has; the URI's own export name does not matter. */
    public static List<ListedExport> list(NbdUri uri, ClientOptions options) throws NbdException {
        try (Waiter waiter = Waiter.open();
                Link link = Link.connect(uri, options.connectTimeout(), waiter)) {
            return new Negotiation(link).list();
        }
    }

    /** Returns what the server said of the export. */
    public ExportInfo export() {
        return pipe.export();
    }

    /** Fills the remaining bytes of {@code into} from {@code offsetBytes} on. */
    public void read(long offsetBytes, ByteBuffer into) throws NbdException {
        long offset = offsetBytes;
        int limit = into.limit();
        while (into.position() < limit) {
            int length = Math.min(limit - into.position(), export().payloadBytesMax());
            ByteBuffer part = into.slice(into.position(), length);
            call.into = part;
            execute(Command.READ, 0, offset, length, null);
            if (call.allHole()) {
                fillZero(part);
            }
            into.position(into.position() + length);
            offset += length;
        }
    }

    /**
     * Writes the remaining bytes of {@code from}.
     *
     * @param commandFlags {@link Transmission#CMD_FUA} or 0
     */
    public void write(long offsetBytes, ByteBuffer from, int commandFlags) throws NbdException {
        long offset = offsetBytes;
        while (from.hasRemaining()) {
            int length = Math.min(from.remaining(), export().payloadBytesMax());
            execute(Command.WRITE, commandFlags, offset, length, from.slice(from.position(), length));
            from.position(from.position() + length);
            offset += length;
        }
    }

    /**
     * Makes a range read as zero.
     *
     * @param commandFlags of {@link Transmission}: FUA, NO_HOLE, FAST_ZERO
     */
    public void writeZeroes(long offsetBytes, long lengthBytes, int commandFlags) throws NbdException {
        inRanges(Command.WRITE_ZEROES, commandFlags, offsetBytes, lengthBytes);
    }

    /** Gives a range up; what it reads as afterwards is undefined. */
    public void trim(long offsetBytes, long lengthBytes) throws NbdException {
        inRanges(Command.TRIM, 0, offsetBytes, lengthBytes);
    }

    /** Asks the server to have a range at hand. */
    public void cache(long offsetBytes, long lengthBytes) throws NbdException {
        inRanges(Command.CACHE, 0, offsetBytes, lengthBytes);
    }

    /** Makes everything that was answered so far durable. */
    public void flush() throws NbdException {
        execute(Command.FLUSH, 0, 0, 0, null);
    }

    /**
     * Returns the status of a range's beginning, at least one run; may cover less than was asked for, and the last run
     * may reach further.
     *
     * @throws NbdException.Refused if the context was not agreed on when connecting
     */
    public List<StatusRun> blockStatus(String context, long offsetBytes, long lengthBytes) throws NbdException {
        if (!export().metaContexts().contains(context)) {
            throw new NbdException.Refused("%s has no metadata context %s".formatted(uri, context));
        }
        execute(Command.BLOCK_STATUS, 0, offsetBytes, Math.min(lengthBytes, RANGE_BYTES_MAX), null);
        List<StatusRun> runs = call.status(context);
        if (runs.isEmpty()) {
            throw new NbdException.Violation("%s answers %s without a status in %s".formatted(uri, call, context));
        }
        return runs;
    }

    @Override
    public void close() {
        pipe.close();
        waiter.close();
    }

    private void inRanges(Command command, int flags, long offsetBytes, long lengthBytes) throws NbdException {
        long offset = offsetBytes;
        long rest = lengthBytes;
        while (rest > 0) {
            long length = Math.min(rest, RANGE_BYTES_MAX);
            execute(command, flags, offset, length, null);
            offset += length;
            rest -= length;
        }
    }

    private void execute(Command command, int flags, long offset, long length, @Nullable ByteBuffer payload)
            throws NbdException {
        call.prepare(command, flags, offset, length, payload);
        call.done = false;
        pipe.submit(call);
        while (!call.done) {
            if (!pipe.pump()) {
                pipe.checkSilence();
                waiter.await(WAIT_NANOS, pipe);
            }
        }
        ErrorCode error = call.error();
        if (error != null) {
            throw new NbdException.RequestFailed(error, failure(uri, call, error));
        }
    }

    /** Returns a message for a failed request. */
    public static String failure(NbdUri uri, NbdRequest request, ErrorCode error) {
        return "%s failed at %s: %s%s"
                .formatted(
                        request,
                        uri,
                        error.words,
                        request.errorWords().isEmpty() ? "" : " (it says: " + request.errorWords() + ")");
    }

    private static void fillZero(ByteBuffer buffer) {
        for (int i = 0; i < buffer.limit(); i++) {
            buffer.put(i, (byte) 0);
        }
    }
}
