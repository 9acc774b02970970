package io.migratekit.nbd.server;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Direct buffers of ended connections, kept for later ones: the collector is slow to return direct memory. */
final class BufferPool {
    private final int bufferBytes;
    private final ConcurrentLinkedQueue<ByteBuffer> free = new ConcurrentLinkedQueue<>();

    BufferPool(int bufferBytes) {
        this.bufferBytes = bufferBytes;
    }

    ByteBuffer take() {
        ByteBuffer buffer = free.poll();
        return buffer == null ? ByteBuffer.allocateDirect(bufferBytes) : buffer;
    }

    void giveBack(ByteBuffer buffer) {
        free.add(buffer);
    }
}
