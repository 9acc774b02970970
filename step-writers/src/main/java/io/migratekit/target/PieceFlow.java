package io.migratekit.target;

import io.migratekit.nbd.client.ExportInfo;
import io.migratekit.nbd.client.NbdRequest;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.source.extent.ExtentRunReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The pieces under way between source and target, in the order of the disk. A buffer is held only from the first byte
 * of a reply until the kernel has taken the last byte for the target, so that few buffers serve many requests and stay
 * in the processor's cache.
 */
final class PieceFlow implements Piece.Owner {
    /** Reads under way next to a near source: enough to keep it busy, few enough to meet their buffers in the cache. */
    private static final int NEAR_READS_MAX = 8;

    /** Bytes waiting for the target's socket before the source is left waiting. */
    private static final long UNSENT_BYTES_MAX = 2 << 20;

    /** Requests with the target before no new pieces are begun. */
    private static final int TARGET_REQUESTS_MAX = 1024;

    private final CopySettings settings;
    private final RunWalker walker;
    private final CopyProgress progress;
    private final Peer source;
    private final Peer target;
    private final WholeBlocks blocks;
    private final Pace pace;
    private final ZeroPace zeroPace = new ZeroPace();
    private final BufferStack buffers;
    private final PieceWriter writer;
    private final ArrayDeque<Piece> window = new ArrayDeque<>();
    private final ArrayDeque<Piece> spare = new ArrayDeque<>();
    private final Retries retries;
    private final Consumer<Piece> again = this::startAgain;
    private long windowBytes;
    private int reading;
    private final long[] retired = new long[3]; // copied, zeroed, skipped
    private long lostBytes;

    PieceFlow(CopyTask task, CopySettings settings, RunWalker walker, CopyProgress progress, Peer source, Peer target) {
        this.settings = settings;
        this.walker = walker;
        this.progress = progress;
        this.source = source;
        this.target = target;
        this.retries = new Retries(settings, progress);
        ExportInfo from = source.export();
        ExportInfo to = target.export();
        this.blocks = new WholeBlocks(task, from, to);
        this.pace = new Pace(settings, Math.min(from.payloadBytesMax(), to.payloadBytesMax()));
        this.buffers = new BufferStack(pace.requestBytes());
        this.writer = new PieceWriter(task, target, pace, (int) Math.max(settings.zeroBytesMin(), blocks.blockBytes()));
    }

    /** Asks for as much as the window has room for, first what has to be asked again. */
    void fill() throws IOException {
        retries.takeDue(again);
        while (hasRoom()) {
            RunWalker.Cut cut = walker.next(pace.requestBytes(), zeroBytesMax());
            if (cut == null) {
                return;
            }
            Piece piece = spare.isEmpty() ? new Piece(this) : spare.pop();
            piece.begin(cut);
            blocks.widen(piece);
            window.add(piece);
            start(piece);
        }
    }

    /**
     * Returns up to where everything is answered by the target (or needs nothing), and forgets those pieces as far as
     * they lie before {@code untilBytes}: what belongs to a later run is counted with that run, so that the counts
     * stored beside a cursor are those of the bytes before it.
     */
    long acknowledgedBytes(long untilBytes) {
        while (!window.isEmpty()
                && window.element().state == Piece.State.DONE
                && window.element().offsetBytes < untilBytes) {
            Piece done = window.remove();
            retired[0] += done.copiedBytes;
            retired[1] += done.zeroedBytes;
            retired[2] += done.skippedBytes;
            spare.push(done);
        }
        return window.isEmpty() ? walker.position() : window.element().offsetBytes;
    }

    /** Adds what was forgotten since the last call to {@code counts}: copied, zeroed, skipped bytes. */
    void takeCounts(long[] counts) {
        for (int i = 0; i < retired.length; i++) {
            counts[i] += retired[i];
            retired[i] = 0;
        }
    }

    /** Tells whether nothing is owed by either side. */
    boolean idle() {
        return windowBytes == 0;
    }

    /** Asks the source again for what it owes; to be called on a new connection. */
    void readAgain() {
        for (Piece piece : window) {
            if (piece.state == Piece.State.READING) {
                releaseBuffer(piece);
                submitRead(piece);
            }
        }
    }

    /** Forgets all pieces; to be called after the target was lost. What the source still sends is ignored. */
    void abandon() {
        for (Piece piece : window) {
            boolean owed = piece.state == Piece.State.READING;
            windowBytes -= piece.state == Piece.State.DONE ? 0 : piece.weightBytes();
            piece.abandoned = owed;
            reading -= owed ? 1 : 0;
            if (!owed) {
                lostBytes += piece.state == Piece.State.WAITING ? 0 : piece.copiedBytes + piece.zeroedBytes;
                releaseBuffer(piece);
            }
        }
        window.clear();
        retries.clear();
        writer.forgetUnsent();
        zeroPace.lost();
    }

    /** Returns the bytes of the forgotten pieces that the target may have had. */
    long takeLost() {
        long bytes = lostBytes + retired[0] + retired[1];
        lostBytes = 0;
        Arrays.fill(retired, 0);
        return bytes;
    }

    /** Returns what became of requests that failed. */
    Retries retries() {
        return retries;
    }

    @Override
    public @Nullable ByteBuffer bufferFor(Piece piece) {
        if (writer.unsentBytes() > UNSENT_BYTES_MAX) {
            return null;
        }
        ByteBuffer buffer = buffers.take();
        piece.buffer = buffer;
        return buffer.limit((int) piece.read.lengthBytes());
    }

    @Override
    public void readDone(Piece piece, @Nullable ErrorCode error) {
        if (piece.abandoned) {
            releaseBuffer(piece);
            spare.push(piece);
            return;
        }
        if (error != null && Failures.mayPass(error) && source.opensAnew()) {
            retries.onNewConnection(piece, source, error);
            return;
        }
        reading--;
        pace.readAnswered(piece.submitNanos, buffers);
        if (error != null) {
            retries.later(piece, source, piece.read, error);
            return;
        }
        source.achieved();
        piece.state = Piece.State.WRITING;
        ByteBuffer buffer = piece.buffer;
        if (buffer == null) {
            writer.zero(piece);
        } else {
            writer.write(piece, buffer);
        }
        releaseIfSent(piece);
        finishIfDone(piece);
    }

    @Override
    public void partSent(Piece piece, NbdRequest part) {
        writer.sent(part);
        releaseIfSent(piece);
    }

    @Override
    public void partDone(Piece piece, NbdRequest part, @Nullable ErrorCode error) {
        pace.writeAnswered(piece.submitNanos, buffers);
        if (error == null) {
            if (piece.state == Piece.State.WRITING) {
                writer.fill(piece);
            }
            finishIfDone(piece);
        } else if (writer.zeroesRefused(part, error)) {
            retries.soon(piece);
        } else {
            retries.later(piece, target, part, error);
        }
    }

    /** Zeros behind the run in hand must not run further ahead of its commit than the restart would tell of. */
    private long zeroBytesMax() {
        long aheadBytes = (settings.windowBytes() - walker.aheadBytes()) * ExtentRunReader.ZEROS_AHEAD;
        return Math.min(zeroPace.requestBytes(), Long.highestOneBit(aheadBytes));
    }

    private boolean hasRoom() {
        return windowBytes < settings.windowBytes()
                && zeroPace.hasRoom()
                && reading < pace.readsMax(NEAR_READS_MAX)
                && writer.unsentBytes() <= UNSENT_BYTES_MAX
                && walker.aheadBytes() + pace.requestBytes() <= settings.windowBytes()
                && source.pipe().hasRoom()
                && target.pipe().inFlight() < TARGET_REQUESTS_MAX;
    }

    private void start(Piece piece) {
        windowBytes += piece.weightBytes();
        piece.submitNanos = System.nanoTime();
        if (!piece.zero) {
            submitRead(piece);
            reading++;
            return;
        }
        piece.state = Piece.State.WRITING;
        zeroPace.begun(piece.lengthBytes);
        writer.zero(piece);
        finishIfDone(piece);
    }

    private void submitRead(Piece piece) {
        piece.state = Piece.State.READING;
        piece.read.prepare(Command.READ, 0, piece.wideOffsetBytes, blocks.readBytes(piece), null);
        source.pipe().submit(piece.read);
    }

    private void finishIfDone(Piece piece) {
        if (piece.partsOpen > 0 || piece.state != Piece.State.WRITING) {
            return;
        }
        piece.state = Piece.State.DONE;
        windowBytes -= piece.weightBytes();
        if (piece.zero) {
            zeroPace.answered(piece.lengthBytes, System.nanoTime() - piece.submitNanos);
        }
        progress.moved(piece.lengthBytes);
    }

    private void startAgain(Piece piece) {
        releaseBuffer(piece);
        piece.clearCounts();
        windowBytes -= piece.weightBytes();
        if (piece.zero) {
            zeroPace.dropped(piece.lengthBytes);
        }
        start(piece);
    }

    private void releaseIfSent(Piece piece) {
        if (piece.partsUnsent == 0) {
            releaseBuffer(piece);
        }
    }

    private void releaseBuffer(Piece piece) {
        ByteBuffer buffer = piece.buffer;
        if (buffer != null) {
            piece.buffer = null;
            buffers.giveBack(buffer);
        }
    }
}
