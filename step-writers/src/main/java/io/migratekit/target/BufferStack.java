package io.migratekit.target;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Direct buffers of one size; the one given back last goes out first, since it is the one in the cache. */
final class BufferStack {
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private int bufferBytes;

    BufferStack(int bufferBytes) {
        this.bufferBytes = bufferBytes;
    }

    /** From now on buffers are this long; older ones are dropped as they come back. */
    void resize(int newBufferBytes) {
        bufferBytes = newBufferBytes;
        free.clear();
    }

    ByteBuffer take() {
        ByteBuffer buffer = free.poll();
        return buffer == null ? ByteBuffer.allocateDirect(bufferBytes) : buffer.clear();
    }

    void giveBack(ByteBuffer buffer) {
        if (buffer.capacity() == bufferBytes) {
            free.push(buffer);
        }
    }
}
