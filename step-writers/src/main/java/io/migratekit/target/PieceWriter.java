package io.migratekit.target;

import io.migratekit.nbd.client.NbdRequest;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import java.nio.ByteBuffer;

/** Turns pieces into requests to the target: data where there is data, zeros in the cheapest way that is right. */
final class PieceWriter {
    /** Requests under way at once for zeros that are written as data: a long piece must not fill the pipe alone. */
    private static final int FILLS_MAX = 8;

    private final CopyTask task;
    private final Peer target;
    private final Pace pace;
    private final int zeroBytesMin;
    private final ZeroFill zeroFill = new ZeroFill();
    private long unsentBytes;

    PieceWriter(CopyTask task, Peer target, Pace pace, int zeroBytesMin) {
        this.task = task;
        this.target = target;
        this.pace = pace;
        this.zeroBytesMin = zeroBytesMin;
    }

    /** Returns the payload bytes that wait for the target's socket. */
    long unsentBytes() {
        return unsentBytes;
    }

    /** Forgets what waits for the socket; to be called after the target was lost. */
    void forgetUnsent() {
        unsentBytes = 0;
    }

    void sent(NbdRequest part) {
        unsentBytes -= part.command() == Command.WRITE ? part.lengthBytes() : 0;
    }

    /** Notes a refusal; true if the zeros shall be written as data from now on. */
    boolean zeroesRefused(NbdRequest part, ErrorCode error) {
        return part.command() == Command.WRITE_ZEROES && zeroFill.refusedBy(error);
    }

    /** Makes all of a piece zero. */
    void zero(Piece piece) {
        long length = piece.zero ? piece.lengthBytes : piece.wideLengthBytes;
        zero(piece, 0, length);
    }

    /** Writes what was read, cut where zeros begin and end. */
    void write(Piece piece, ByteBuffer buffer) {
        int length = piece.wideLengthBytes;
        pad(buffer, (int) Math.min(piece.read.lengthBytes(), task.capacityBytes() - piece.wideOffsetBytes), length);
        int start = 0;
        boolean zero = isZero(buffer, 0, length);
        for (int at = zeroBytesMin; at < length; at += zeroBytesMin) {
            boolean next = isZero(buffer, at, length);
            if (next != zero) {
                writePart(piece, buffer, start, at, zero);
                start = at;
                zero = next;
            }
        }
        writePart(piece, buffer, start, length, zero);
    }

    /** Goes on with zeros that are written as data. */
    void fill(Piece piece) {
        while (piece.fillBytes > 0 && piece.partsOpen < FILLS_MAX) {
            int length = (int) Math.min(piece.fillBytes, pace.requestBytes());
            submit(piece, piece.wideOffsetBytes + piece.lengthBytes - piece.fillBytes, zeroFill.buffer(length));
            piece.fillBytes -= length;
        }
    }

    private boolean isZero(ByteBuffer buffer, int at, int length) {
        return Zeros.all(buffer, at, Math.min(at + zeroBytesMin, length));
    }

    /** Puts zeros behind the end of the disk, up to a whole block of the target. */
    private static void pad(ByteBuffer buffer, int from, int until) {
        buffer.limit(until);
        for (int i = from; i < until; i++) {
            buffer.put(i, (byte) 0);
        }
    }

    private void writePart(Piece piece, ByteBuffer buffer, int start, int end, boolean zero) {
        if (zero) {
            zero(piece, start, end - start);
            return;
        }
        boolean whole = start == 0 && end == piece.wideLengthBytes;
        submit(
                piece,
                piece.wideOffsetBytes + start,
                whole ? buffer.position(0).limit(end) : buffer.slice(start, end - start));
        piece.copiedBytes += planned(piece, start, end);
    }

    private void zero(Piece piece, long start, long length) {
        long counted = piece.zero ? length : planned(piece, start, start + length);
        if (task.targetIsZero()) {
            piece.skippedBytes += counted;
            return;
        }
        piece.zeroedBytes += counted;
        if (zeroFill.offered(target.export())) {
            NbdRequest part = piece.nextPart();
            part.prepare(Command.WRITE_ZEROES, 0, piece.wideOffsetBytes + start, length, null);
            target.pipe().submit(part);
        } else if (piece.zero) {
            piece.fillBytes = length;
            fill(piece);
        } else {
            submit(piece, piece.wideOffsetBytes + start, zeroFill.buffer((int) length));
        }
    }

    private void submit(Piece piece, long offset, ByteBuffer payload) {
        NbdRequest part = piece.nextPart();
        unsentBytes += payload.remaining();
        part.prepare(Command.WRITE, 0, offset, payload.remaining(), payload);
        target.pipe().submit(part);
    }

    /** Returns how much of a part belongs to the plan, and not to the widening to whole blocks. */
    private static long planned(Piece piece, long start, long end) {
        long from = Math.max(piece.wideOffsetBytes + start, piece.offsetBytes);
        long until = Math.min(piece.wideOffsetBytes + end, piece.offsetBytes + piece.lengthBytes);
        return Math.max(0, until - from);
    }
}
