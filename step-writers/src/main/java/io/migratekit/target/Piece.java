package io.migratekit.target;

import io.migratekit.nbd.client.NbdRequest;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.source.extent.Extent;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One request's worth of disk on its way: read, tested for zeros, written in one or more parts, answered. */
final class Piece {
    /** Where a piece stands. */
    enum State {
        READING,
        WRITING,
        WAITING, // for another try, once the target has answered what it has of this one
        DONE
    }

    /** What the copier does at each turn. */
    interface Owner {
        @Nullable
        ByteBuffer bufferFor(Piece piece);

        void readDone(Piece piece, @Nullable ErrorCode error);

        void partSent(Piece piece, NbdRequest part);

        void partDone(Piece piece, NbdRequest part, @Nullable ErrorCode error);
    }

    private static final long ZERO_WEIGHT_BYTES = 1 << 20;

    private final Owner owner;
    final NbdRequest read = new ReadRequest();
    private final ArrayDeque<NbdRequest> idleParts = new ArrayDeque<>(1);

    long offsetBytes; // as the plan has it, for positions
    long lengthBytes;
    long wideOffsetBytes; // widened to the servers' blocks, for requests
    int wideLengthBytes;
    boolean zero; // the source says that it reads as zero
    State state = State.DONE;
    boolean abandoned;
    int attempts;
    long retryNanos;
    long submitNanos;
    int partsOpen;
    int partsUnsent;
    long fillBytes; // zeros that still have to be written as data, at the end of the piece
    long copiedBytes;
    long zeroedBytes;
    long skippedBytes;

    @Nullable
    ByteBuffer buffer;

    Piece(Owner owner) {
        this.owner = owner;
    }

    void begin(RunWalker.Cut cut) {
        offsetBytes = cut.offsetBytes();
        lengthBytes = cut.lengthBytes();
        zero = cut.kind() == Extent.Kind.ZERO;
        abandoned = false;
        attempts = 0;
        partsOpen = 0;
        partsUnsent = 0;
        clearCounts();
    }

    /** Returns what the piece counts for in the window: zeros that need not be read are cheap. */
    long weightBytes() {
        return zero ? Math.min(lengthBytes, ZERO_WEIGHT_BYTES) : lengthBytes;
    }

    void clearCounts() {
        fillBytes = 0;
        copiedBytes = 0;
        zeroedBytes = 0;
        skippedBytes = 0;
    }

    /** Tells whether no request of the piece is with the target or on its way there. */
    boolean quiet() {
        return partsOpen == 0 && partsUnsent == 0;
    }

    /** Returns a request to the target that reports to this piece. */
    NbdRequest nextPart() {
        partsOpen++;
        partsUnsent++;
        NbdRequest part = idleParts.poll();
        return part == null ? new PartRequest() : part;
    }

    private final class ReadRequest extends NbdRequest {
        @Override
        protected @Nullable ByteBuffer readBuffer() {
            return owner.bufferFor(Piece.this);
        }

        @Override
        protected void completed() {
            owner.readDone(Piece.this, error());
        }
    }

    private final class PartRequest extends NbdRequest {
        @Override
        protected void sent() {
            partsUnsent--;
            owner.partSent(Piece.this, this);
        }

        @Override
        protected void completed() {
            partsOpen--;
            owner.partDone(Piece.this, this, error());
            idleParts.push(this);
        }
    }
}
