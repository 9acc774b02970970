package io.migratekit.nbd.server;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Zeros to write where a device has no faster way. */
final class Zeroes {
    private static final int BLOCK_BYTES = 256 << 10;
    private static final ByteBuffer BLOCK =
            ByteBuffer.allocateDirect(BLOCK_BYTES).asReadOnlyBuffer();

    private Zeroes() {}

    static void write(ExportDevice device, long offsetBytes, long lengthBytes) throws IOException {
        ByteBuffer block = BLOCK.duplicate();
        long doneBytes = 0;
        while (doneBytes < lengthBytes) {
            block.clear().limit((int) Math.min(BLOCK_BYTES, lengthBytes - doneBytes));
            int countBytes = block.remaining();
            device.write(offsetBytes + doneBytes, block);
            doneBytes += countBytes;
        }
    }
}
