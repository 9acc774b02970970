package io.migratekit.nbd.server;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** Bytes from the client, through one direct buffer that is used again and again. Confined to one thread. */
final class Inbound {
    /** Read beyond what is due: small requests arrive together and cost one system call. */
    private static final int AHEAD_BYTES = 64 << 10;

    static final int BUFFER_BYTES = Outbound.PIECE_BYTES + AHEAD_BYTES;

    private final ByteBuffer buffer; // always ready to be read from
    private final Outbound outbound;
    private ByteChannel channel;

    Inbound(ByteChannel channel, ByteBuffer buffer, Outbound outbound) {
        this.channel = channel;
        this.buffer = buffer.clear().limit(0);
        this.outbound = outbound;
    }

    /** Goes on with another channel; bytes of the old one that were not asked for must not slip under its cover. */
    void replaceChannel(ByteChannel successor) throws IOException {
        if (buffer.hasRemaining()) {
            throw new ProtocolBreach("bytes in the clear after the TLS option");
        }
        channel = successor;
    }

    int availableBytes() {
        return buffer.remaining();
    }

    /** The buffer, holding at least what was last asked for. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** Waits for {@code lengthBytes} to be available; reads somewhat ahead. */
    ByteBuffer need(int lengthBytes) throws IOException {
        if (!fill(lengthBytes, Math.max(lengthBytes, AHEAD_BYTES))) {
            throw new EOFException("the client ended the connection");
        }
        return buffer;
    }

    /** Waits for the next {@code lengthBytes} of payload, at most a piece; reads nothing beyond. */
    ByteBuffer needPayload(int lengthBytes) throws IOException {
        if (!fill(lengthBytes, lengthBytes)) {
            throw new EOFException("the client ended the connection in the middle of a request");
        }
        return buffer;
    }

    /** Like {@link #need}, but tells the end of the stream by false. */
    boolean await(int lengthBytes) throws IOException {
        return fill(lengthBytes, Math.max(lengthBytes, AHEAD_BYTES));
    }

    /** Takes what the channel, which must be non-blocking at the moment, has ready; false if that is nothing. */
    boolean takeArrived() throws IOException {
        return receive(AHEAD_BYTES) > 0;
    }

    /** Reads on to the end of the stream and keeps nothing. */
    void discardAll() throws IOException {
        while (channel.read(buffer.clear()) >= 0) {
            // what comes after the end is nobody's any more
        }
    }

    void skip(long lengthBytes) throws IOException {
        long leftBytes = lengthBytes;
        while (leftBytes > 0) {
            int countBytes = (int) Math.min(leftBytes, Outbound.PIECE_BYTES);
            needPayload(countBytes);
            buffer.position(buffer.position() + countBytes);
            leftBytes -= countBytes;
        }
    }

    private boolean fill(int lengthBytes, int wantedBytes) throws IOException {
        if (buffer.remaining() >= lengthBytes) {
            return true;
        }
        outbound.flush(); // who waits for the client owes it no reply
        while (buffer.remaining() < lengthBytes) {
            if (receive(wantedBytes) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Appends so that at most {@code wantedBytes} are available. */
    private int receive(int wantedBytes) throws IOException {
        int position = buffer.position();
        int end = buffer.limit();
        if (position == end || buffer.capacity() - position < wantedBytes) {
            buffer.compact().flip();
            position = 0;
            end = buffer.limit();
        }
        buffer.limit(Math.min(buffer.capacity(), position + wantedBytes)).position(end);
        try {
            return channel.read(buffer);
        } finally {
            buffer.limit(buffer.position()).position(position);
        }
    }
}
