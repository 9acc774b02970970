package io.migratekit.source;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Raw image files with holes. */
public final class TestImage {
    private TestImage() {}

    /** Makes an image with random data in some stretches of up to 256 KiB and holes between; the same for a seed. */
    public static Path sparse(Path image, long capacityBytes, long seed) {
        Random random = new Random(seed);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(capacityBytes);
            long position = random.nextInt(128 << 10);
            while (position < capacityBytes) {
                byte[] data = new byte[(int) Math.min(capacityBytes - position, 1L + random.nextInt(256 << 10))];
                random.nextBytes(data);
                file.seek(position);
                file.write(data);
                position += data.length + random.nextInt(1 << 20);
            }
            return image;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Overwrites a stretch. */
    public static void write(Path image, long offsetBytes, byte[] data) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.seek(offsetBytes);
            file.write(data);
        }
    }

    /** Returns the whole content. */
    public static byte[] content(Path image) {
        try {
            return Files.readAllBytes(image);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
