package io.migratekit.target;

import io.migratekit.nbd.client.NbdRequest;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The same bytes of both sides on their way to be compared; made to be used again. */
final class ReadPair {
    /** Differences are told in blocks of this size: small enough to find the place, large enough to list. */
    static final int GRAIN_BYTES = 4096;

    private final Owner owner;
    private final int attemptsMax;
    private final Half source;
    private final Half target;
    private long pairOffsetBytes;
    private int pairLengthBytes;

    /** Who compares. */
    interface Owner {
        /** Both sides are there. */
        void complete(ReadPair pair);

        /** The source may answer on a new connection; it is asked again then. */
        void lost(Peer peer, NbdRequest read, ErrorCode error);

        /** One side failed for good. */
        void failed(Peer peer, NbdRequest read, ErrorCode error);
    }

    ReadPair(Owner owner, Peer source, Peer target, int bufferBytes, int attemptsMax) {
        this.owner = owner;
        this.attemptsMax = attemptsMax;
        this.source = new Half(source, bufferBytes);
        this.target = new Half(target, bufferBytes);
    }

    void begin(long newOffsetBytes, int newLengthBytes) {
        pairOffsetBytes = newOffsetBytes;
        pairLengthBytes = newLengthBytes;
        source.begin();
        target.begin();
    }

    /** Asks a side that was lost for what it still owes. */
    void askAgain(Peer peer) {
        Half half = peer == source.peer ? source : target;
        if (!half.done) {
            half.ask();
        }
    }

    /** Tells the stretches that differ, in whole grains, and that all is compared. */
    void tellTo(ExtentComparer.DifferenceListener listener) {
        tellDifferences(listener);
        listener.compared(pairOffsetBytes, pairLengthBytes, pairLengthBytes);
    }

    private void tellDifferences(ExtentComparer.DifferenceListener listener) {
        ByteBuffer a = source.content();
        ByteBuffer b = target.content();
        if (a.mismatch(b) < 0) {
            return;
        }
        int start = -1;
        int end;
        for (int at = 0; at < pairLengthBytes; at = end) {
            end = (int) Math.min(pairLengthBytes, nextGrain(pairOffsetBytes + at) - pairOffsetBytes);
            boolean same = a.slice(at, end - at).equals(b.slice(at, end - at));
            if (!same && start < 0) {
                start = at;
            } else if (same && start >= 0) {
                listener.different(pairOffsetBytes + start, at - start);
                start = -1;
            }
        }
        if (start >= 0) {
            listener.different(pairOffsetBytes + start, pairLengthBytes - start);
        }
    }

    private static long nextGrain(long position) {
        return (position / GRAIN_BYTES + 1) * GRAIN_BYTES;
    }

    /** One side's bytes; asked for in whole blocks of its server, as far as its disk goes. */
    private final class Half extends NbdRequest {
        private final Peer peer;
        private final ByteBuffer buffer;
        private int attempts;
        private boolean done;

        Half(Peer peer, int bufferBytes) {
            this.peer = peer;
            this.buffer = ByteBuffer.allocateDirect(bufferBytes);
        }

        void begin() {
            attempts = 0;
            ask();
        }

        void ask() {
            done = false;
            long block = peer.export().blockBytesMin();
            long start = pairOffsetBytes & -block;
            long end = Math.min(
                    (pairOffsetBytes + pairLengthBytes + block - 1) & -block,
                    peer.export().sizeBytes());
            prepare(Command.READ, 0, start, end - start, null);
            peer.pipe().submit(this);
        }

        ByteBuffer content() {
            if (allHole()) {
                for (int i = 0; i < lengthBytes(); i++) {
                    buffer.put(i, (byte) 0);
                }
            }
            return buffer.slice((int) (pairOffsetBytes - offsetBytes()), pairLengthBytes);
        }

        @Override
        protected @Nullable ByteBuffer readBuffer() {
            return buffer.clear().limit((int) lengthBytes());
        }

        @Override
        protected void completed() {
            ErrorCode error = error();
            if (error == null) {
                done = true;
                peer.achieved();
                if (source.done && target.done) {
                    owner.complete(ReadPair.this);
                }
            } else if (!Failures.mayPass(error)) {
                owner.failed(peer, this, error);
            } else {
                failedOnce(error);
            }
        }

        private void failedOnce(ErrorCode error) {
            boolean anew = peer.opensAnew();
            attempts += !anew || peer.proven() ? 1 : 0;
            if (attempts >= attemptsMax) {
                owner.failed(peer, this, error);
            } else if (anew) {
                owner.lost(peer, this, error);
            } else {
                ask();
            }
        }
    }
}
