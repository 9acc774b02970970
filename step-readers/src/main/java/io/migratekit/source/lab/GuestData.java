package io.migratekit.source.lab;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** What a guest leaves on a disk: extents of all sizes with random content, and holes. The same seed writes the same. */
final class GuestData {
    private static final int PIECE_BYTES = 64 << 10;
    private static final int EXTENT_PIECES_MAX = 64;

    private final Random random;
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);

    GuestData(long seed) {
        this.random = new Random(seed);
    }

    /** Makes a sparse image with about {@code percent} of data. */
    void fill(Path image, long capacityBytes, int percent) throws IOException {
        resize(image, capacityBytes);
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
            long position = 0;
            while (position < capacityBytes && percent > 0) {
                long extentBytes = (1L + random.nextInt(EXTENT_PIECES_MAX)) * PIECE_BYTES;
                long endBytes = Math.min(capacityBytes, position + extentBytes);
                if (random.nextInt(100) < percent) {
                    write(file, position, endBytes);
                }
                position = endBytes;
            }
        }
    }

    /** Overwrites {@code [offsetBytes, untilBytes)} with random content. */
    void write(FileChannel file, long offsetBytes, long untilBytes) throws IOException {
        for (long position = offsetBytes; position < untilBytes; position += PIECE_BYTES) {
            random.nextBytes(piece.array());
            piece.clear().limit((int) Math.min(PIECE_BYTES, untilBytes - position));
            writeFully(file, position, piece);
        }
    }

    static void writeFully(FileChannel file, long offsetBytes, ByteBuffer bytes) throws IOException {
        long position = offsetBytes;
        while (bytes.hasRemaining()) {
            position += file.write(bytes, position);
        }
    }

    /** Gives a file its size, a multiple of nothing perhaps; what is new is a hole. */
    static void resize(Path image, long capacityBytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(capacityBytes);
        }
    }
}
