package io.migratekit.volume.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * What must be known of a qcow2 image before it is opened (docs/interop/qcow2.txt of QEMU, "Header").
 *
 * @param backing the file below, as the image names it; relative to the image's folder
 * @param bitmaps whether it may hold dirty bitmaps that can be relied on
 */
record Qcow2Header(Optional<String> backing, boolean bitmaps) {
    private static final int MAGIC = 0x514649fb; // "QFI\xfb"
    private static final int HEADER_BYTES = 104; // of version 3; version 2 has 72
    private static final int VERSION_WITH_FEATURES = 3;

    /** A longer name is refused by QEMU as well. */
    private static final int BACKING_BYTES_MAX = 1023;

    private static final int AUTOCLEAR_FEATURES = 88;
    private static final long BITMAPS_CONSISTENT = 1;

    /** Returns the header of a file; empty if it is no qcow2 image. */
    static Optional<Qcow2Header> read(Path image) throws IOException {
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.READ)) {
            ByteBuffer header = bytesAt(file, 0, HEADER_BYTES);
            if (header.getInt() != MAGIC) {
                return Optional.empty();
            }
            int version = header.getInt(); // 4 bytes
            long offsetBytes = header.getLong(); // of the backing file's name, 8 bytes; 0 without one
            int lengthBytes = header.getInt(); // of the backing file's name, 4 bytes
            boolean bitmaps =
                    version >= VERSION_WITH_FEATURES && (header.getLong(AUTOCLEAR_FEATURES) & BITMAPS_CONSISTENT) != 0;
            return Optional.of(new Qcow2Header(backing(image, file, offsetBytes, lengthBytes), bitmaps));
        }
    }

    private static Optional<String> backing(Path image, FileChannel file, long offsetBytes, int lengthBytes)
            throws IOException {
        if (offsetBytes == 0) {
            return Optional.empty();
        }
        if (offsetBytes < 0 || lengthBytes < 1 || lengthBytes > BACKING_BYTES_MAX) {
            throw new IOException("%s names its backing file with %d bytes at %d; 1 to %d are possible. Is it damaged?"
                    .formatted(image, lengthBytes, offsetBytes, BACKING_BYTES_MAX));
        }
        return Optional.of(StandardCharsets.UTF_8
                .decode(bytesAt(file, offsetBytes, lengthBytes))
                .toString());
    }

    /** Returns that many bytes; zeros where the file ends before. */
    private static ByteBuffer bytesAt(FileChannel file, long offsetBytes, int lengthBytes) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(lengthBytes);
        while (bytes.hasRemaining() && file.read(bytes, offsetBytes + bytes.position()) >= 0) {
            // a read may be short
        }
        return bytes.rewind().limit(lengthBytes);
    }
}
