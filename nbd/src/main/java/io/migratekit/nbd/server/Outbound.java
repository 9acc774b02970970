package io.migratekit.nbd.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** Bytes to the client, gathered in one direct buffer until somebody flushes. Confined to one thread. */
final class Outbound {
    /** Data moves in pieces of at most this: large enough to be cheap, small enough to stay in the cache. */
    static final int PIECE_BYTES = 256 << 10;

    static final int BUFFER_BYTES = PIECE_BYTES + (4 << 10);

    private final ByteBuffer buffer; // always ready to be put into
    private ByteChannel channel;

    Outbound(ByteChannel channel, ByteBuffer buffer) {
        this.channel = channel;
        this.buffer = buffer.clear();
    }

    void replaceChannel(ByteChannel successor) {
        channel = successor;
    }

    /** The buffer with room for {@code lengthBytes}; put exactly what is to be sent. */
    ByteBuffer room(int lengthBytes) throws IOException {
        if (buffer.remaining() < lengthBytes) {
            flush();
        }
        return buffer;
    }

    void put(byte[] bytes) throws IOException {
        room(bytes.length).put(bytes);
    }

    void flush() throws IOException {
        if (buffer.position() == 0) {
            return;
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}
