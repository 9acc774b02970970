package io.migratekit.job.operation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** Disk images for tests. */
final class Images {
    private Images() {}

    /** Makes a sparse image with {@code dataBytes} of random data in pieces of 64 KiB here and there. */
    static Path random(Path image, long sizeBytes, long dataBytes, long seed) {
        Random random = new Random(seed);
        byte[] piece = new byte[64 << 10];
        try (FileChannel file = FileChannel.open(
                image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            file.write(ByteBuffer.allocate(1), sizeBytes - 1);
            for (long written = 0; written < dataBytes; written += piece.length) {
                random.nextBytes(piece);
                long slot = random.nextLong(0, Math.max(1, sizeBytes / piece.length));
                long at = slot * piece.length;
                int length = (int) Math.min(piece.length, sizeBytes - at);
                file.write(ByteBuffer.wrap(piece, 0, length), at);
            }
            return image;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes an image full of a byte that is no source's. */
    static Path dirty(Path image, long sizeBytes) {
        byte[] piece = new byte[1 << 20];
        java.util.Arrays.fill(piece, (byte) 0xA5);
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < sizeBytes; at += piece.length) {
                file.write(ByteBuffer.wrap(piece, 0, (int) Math.min(piece.length, sizeBytes - at)), at);
            }
            return image;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the first offset at which two files differ, or -1. */
    static long mismatch(Path one, Path other) {
        try {
            return Files.mismatch(one, other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
