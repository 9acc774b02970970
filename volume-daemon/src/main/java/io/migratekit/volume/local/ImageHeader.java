package io.migratekit.volume.local;

import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Reads what an image says of itself without qemu-img, which would take a thousand processes for a thousand volumes. */
final class ImageHeader {
    /** qcow2 specification, "Header": bytes 0 to 3, "QFI" and 0xfb. */
    private static final int MAGIC = 0x514649fb;

    /** qcow2 specification, "Header": bytes 24 to 31, the size in bytes, big-endian. */
    private static final int SIZE_OFFSET = 24;

    /** qcow2 specification, "Header": bytes 8 to 15, where the backing file's name is; 0 if there is none. */
    private static final int BACKING_OFFSET = 8;

    /** qcow2 specification, "Header": bytes 16 to 19, the length of that name. */
    private static final int BACKING_LENGTH = 16;

    /** qcow2 specification, "Header": the name must not be longer. */
    private static final int BACKING_BYTES_MAX = 1023;

    private static final int HEADER_BYTES = 32;

    private ImageHeader() {}

    /** A file is not what it should be. */
    static final class NotAnImage extends IOException {
        private static final long serialVersionUID = 1;

        NotAnImage(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    /** Returns what a guest sees of an image. */
    static long sizeBytes(Path image, Image.Format format) throws IOException {
        return switch (format) {
            case RAW -> Files.size(image);
            case QCOW2 -> qcow2SizeBytes(image);
        };
    }

    /**
     * Returns the backing image that a qcow2 image names, as it names it.
     *
     * @return empty if there is none
     */
    static Optional<String> backing(Path image) throws IOException {
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.READ)) {
            ByteBuffer header = header(file, image);
            long offsetBytes = header.getLong(BACKING_OFFSET);
            int lengthBytes = header.getInt(BACKING_LENGTH);
            if (offsetBytes == 0) {
                return Optional.empty();
            }
            if (lengthBytes < 1 || lengthBytes > BACKING_BYTES_MAX) {
                throw new NotAnImage("its image %s names a backing image by %d bytes; 1 to %d are possible"
                        .formatted(image.getFileName(), lengthBytes, BACKING_BYTES_MAX));
            }
            return Optional.of(new String(read(file, offsetBytes, lengthBytes, image), StandardCharsets.UTF_8));
        }
    }

    private static long qcow2SizeBytes(Path image) throws IOException {
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.READ)) {
            return header(file, image).getLong(SIZE_OFFSET);
        }
    }

    private static ByteBuffer header(FileChannel file, Path image) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(read(file, 0, HEADER_BYTES, image));
        if (header.getInt(0) != MAGIC) {
            throw new NotAnImage("its image %s has no qcow2 header".formatted(image.getFileName()));
        }
        return header;
    }

    private static byte[] read(FileChannel file, long offsetBytes, int lengthBytes, Path image) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(lengthBytes);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, offsetBytes + buffer.position()) < 0) {
                throw new NotAnImage("its image %s ends within its qcow2 header".formatted(image.getFileName()));
            }
        }
        return buffer.array();
    }
}
