package io.migratekit.target;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ExportInfo;
import io.migratekit.nbd.client.NbdPipe;
import io.migratekit.nbd.client.NbdRequest;
import io.migratekit.nbd.client.Waiter;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.source.Upstream;
import io.migratekit.source.extent.ByteRange;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Compares ranges of two exports byte by byte, over one connection to each side. Ranges that both servers call zero (base:allocation) are not read.
 * Reads only; a lost side is reconnected as in a copy. Confined to the calling thread.
 */
public final class ExtentComparer {
    private static final int REQUEST_BYTES = 1 << 20;
    private static final int PAIRS = 16;
    private static final long WINDOW_BYTES = 1L << 30;
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Peer source;
    private final Peer target;
    private final Waiter waiter;
    private final DifferenceListener listener;
    private final StopSignal stop;
    private final int requestBytes;
    private final ArrayDeque<ReadPair> spare = new ArrayDeque<>();
    private final ArrayDeque<ReadPair> open = new ArrayDeque<>();
    private @Nullable CopyException failure;
    private @Nullable NbdException lost; // a read of the source failed, which a new connection may mend

    /** Hears what a comparison finds; in no order within a window of 1 GiB. */
    public interface DifferenceListener {
        /** The bytes from {@code offsetBytes} on differ somewhere in {@code lengthBytes}. */
        void different(long offsetBytes, long lengthBytes);

        /**
         * This stretch has been compared; each byte is told once.
         *
         * @param bytesRead how much of it was read on each side: all, or nothing if it is zero on both by the servers' word
         */
        void compared(long offsetBytes, long lengthBytes, long bytesRead);
    }

    private ExtentComparer(
            Peer source,
            Peer target,
            Waiter waiter,
            CopySettings settings,
            DifferenceListener listener,
            StopSignal stop) {
        this.source = source;
        this.target = target;
        this.waiter = waiter;
        this.listener = listener;
        this.stop = stop;
        int payload =
                Math.min(source.export().payloadBytesMax(), target.export().payloadBytesMax());
        this.requestBytes = Math.min(REQUEST_BYTES, Integer.highestOneBit(payload));
        for (int i = 0; i < PAIRS; i++) {
            spare.push(new ReadPair(new PairOwner(), source, target, requestBytes, settings.attemptsMax()));
        }
    }

    /**
     * Compares parts of a disk. Returns when all is compared or {@code stop} asks for it, which the returned position
     * tells.
     *
     * @param parts at least one, ascending and without overlap
     * @param upstream what stands behind the source
     * @return up to where it was compared
     * @throws CopyException if a side stays away, cannot be read, or is too small
     * @throws io.migratekit.source.SourceException if the upstream says that it cannot be read
     */
    public static long compare(
            NbdUri source,
            Upstream upstream,
            NbdUri target,
            List<ByteRange> parts,
            CopySettings settings,
            CopyProgress progress,
            DifferenceListener listener,
            StopSignal stop)
            throws IOException {
        try (Waiter waiter = Waiter.open();
                Peer from = new Peer(
                        "source", source, false, settings, upstream, progress, stop, waiter, ZeroStatus.CONTEXT);
                Peer to = new Peer(
                        "target", target, false, settings, Upstream.NONE, progress, stop, waiter, ZeroStatus.CONTEXT)) {
            long untilBytes = parts.get(parts.size() - 1).untilBytes();
            checkSize(from, untilBytes);
            checkSize(to, untilBytes);
            checkBlocks(from, to);
            return new ExtentComparer(from, to, waiter, settings, listener, stop).run(parts);
        }
    }

    private static void checkSize(Peer peer, long untilBytes) throws CopyException.Refused {
        if (peer.export().sizeBytes() < untilBytes) {
            throw new CopyException.Refused(
                    "%s has %d bytes; comparing up to byte %d is not possible. Check what is served there"
                            .formatted(peer.uri(), peer.export().sizeBytes(), untilBytes));
        }
    }

    private static void checkBlocks(Peer source, Peer target) throws CopyException.Refused {
        ExportInfo a = source.export();
        ExportInfo b = target.export();
        if (Math.min(a.payloadBytesMax(), b.payloadBytesMax()) < Math.max(a.blockBytesMin(), b.blockBytesMin())) {
            throw new CopyException.Refused(
                    "no request fits both %s and %s. Change the block sizes of one of the servers"
                            .formatted(source.uri(), target.uri()));
        }
    }

    private long run(List<ByteRange> parts) throws IOException {
        long position = parts.get(0).fromBytes();
        for (ByteRange part : parts) {
            if (stop.stopping()) {
                break;
            }
            position = run(part.fromBytes(), part.untilBytes());
        }
        return position;
    }

    private long run(long fromBytes, long untilBytes) throws IOException {
        long position = fromBytes;
        while (position < untilBytes && !stop.stopping()) {
            // windows end on multiples of their length, so that only the ends of the range may be odd
            position = window(position, Math.min((position / WINDOW_BYTES + 1) * WINDOW_BYTES, untilBytes));
        }
        return position;
    }

    /** Compares a window or, after a stop, its beginning; returns up to where. */
    private long window(long from, long until) throws IOException {
        ZeroStatus zeros = new ZeroStatus(from, until, requestBytes);
        askStatus(source, zeros);
        askStatus(target, zeros);
        long position = from;
        while (position < until && !stop.stopping()) {
            long end = Math.min(until, (position / requestBytes + 1) * requestBytes);
            if (zeros.bothZero(position)) {
                listener.compared(position, end - position, 0);
            } else {
                startPair(position, (int) (end - position));
            }
            position = end;
        }
        while (!open.isEmpty()) {
            turn();
        }
        return position;
    }

    private void startPair(long offset, int length) throws IOException {
        while (spare.isEmpty()) {
            turn();
        }
        ReadPair pair = spare.pop();
        open.add(pair);
        pair.begin(offset, length);
    }

    private void turn() throws IOException {
        boolean moved = pump(source);
        moved |= pump(target);
        if (failure != null) {
            throw failure;
        }
        if (!moved) {
            waiter.await(WAIT_NANOS, source.pipe(), target.pipe());
        }
    }

    private boolean pump(Peer peer) throws IOException {
        try {
            boolean moved = peer.pipe().pump();
            peer.pipe().checkSilence();
            throwLost();
            return moved;
        } catch (NbdException e) {
            peer.reconnect(e);
            open.forEach(pair -> pair.askAgain(peer));
            return true;
        }
    }

    private void throwLost() throws NbdException {
        NbdException thrown = lost;
        lost = null;
        if (thrown != null) {
            throw thrown;
        }
    }

    private void askStatus(Peer peer, ZeroStatus zeros) throws IOException {
        if (!peer.export().metaContexts().contains(ZeroStatus.CONTEXT)) {
            zeros.unknown();
            return;
        }
        StatusAnswer ask = new StatusAnswer();
        long position = zeros.fromBytes();
        while (position < zeros.untilBytes()) {
            long block = peer.export().blockBytesMin();
            long start = position & -block;
            long end = Math.min(
                    (zeros.untilBytes() + block - 1) & -block, peer.export().sizeBytes());
            ask.prepare(Command.BLOCK_STATUS, 0, start, end - start, null);
            NbdPipe asked = peer.pipe();
            asked.submit(ask);
            while (!ask.takeDone() && peer.pipe() == asked) {
                turn();
            }
            if (peer.pipe() != asked) {
                continue;
            }
            long reached = ask.error() == null ? zeros.take(start, ask.status(ZeroStatus.CONTEXT)) : position;
            if (reached <= position) {
                zeros.unknown(); // a server may refuse status or say nothing; then everything is read
                return;
            }
            peer.achieved();
            position = reached;
        }
        zeros.nextSide();
    }

    /** A BLOCK_STATUS and whether it has been answered. */
    private static final class StatusAnswer extends NbdRequest {
        private boolean done;

        boolean takeDone() {
            boolean was = done;
            done = false;
            return was;
        }

        @Override
        protected void completed() {
            done = true;
        }
    }

    private final class PairOwner implements ReadPair.Owner {
        @Override
        public void complete(ReadPair pair) {
            pair.tellTo(listener);
            open.remove(pair);
            spare.push(pair);
        }

        @Override
        public void lost(Peer peer, NbdRequest read, ErrorCode error) {
            lost = new NbdException.RequestFailed(error, Failures.words(peer, read, error));
        }

        @Override
        public void failed(Peer peer, NbdRequest read, ErrorCode error) {
            if (failure == null) {
                failure = Failures.of(peer, read, error);
            }
        }
    }
}
