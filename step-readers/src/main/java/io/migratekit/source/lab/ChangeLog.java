package io.migratekit.source.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.roaringbitmap.RoaringBitmap;

/**
 * What was written to a disk, by sequence: one file each, 16 bytes a write (first block, block behind the last; 8 bytes
 * each). A torn last record was never followed by its write and does not count.
 */
record ChangeLog(Path folder, String diskKey) {
    /** Granularity of change tracking, as vSphere has it for disks of common size. */
    static final int BLOCK_BYTES = 64 << 10;

    private static final int RECORD_BYTES = 16;

    /** Collects writes of one sequence; to be closed before the data is written. */
    static final class Notes implements AutoCloseable {
        private final FileChannel file;

        private Notes(FileChannel file) {
            this.file = file;
        }

        void add(long offsetBytes, long lengthBytes) throws IOException {
            ByteBuffer entry = ByteBuffer.allocate(RECORD_BYTES)
                    .putLong(offsetBytes / BLOCK_BYTES)
                    .putLong((offsetBytes + lengthBytes + BLOCK_BYTES - 1) / BLOCK_BYTES)
                    .flip();
            while (entry.hasRemaining()) {
                file.write(entry);
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    Notes notes(long sequence) throws IOException {
        FileChannel file = FileChannel.open(fileOf(sequence), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        file.position(file.size() - file.size() % RECORD_BYTES);
        return new Notes(file);
    }

    /** Returns the blocks written in the sequences behind {@code after} up to {@code last}. */
    RoaringBitmap between(long after, long last) throws IOException {
        RoaringBitmap blocks = new RoaringBitmap();
        for (long sequence = after + 1; sequence <= last; sequence++) {
            if (Files.exists(fileOf(sequence))) {
                ByteBuffer entries = ByteBuffer.wrap(Files.readAllBytes(fileOf(sequence)));
                while (entries.remaining() >= RECORD_BYTES) {
                    blocks.add(entries.getLong(), entries.getLong());
                }
            }
        }
        return blocks;
    }

    private Path fileOf(long sequence) {
        return folder.resolve(diskKey + "." + sequence);
    }
}
