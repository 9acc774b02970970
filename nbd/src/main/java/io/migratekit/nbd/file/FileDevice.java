package io.migratekit.nbd.file;

import io.migratekit.nbd.server.AllocationRun;
import io.migratekit.nbd.server.ExportDevice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/**
 * A raw image file or a block device. Its size is what it was when opened; it never grows. A flush reaches the disk
 * (fdatasync); once one has failed every later one fails too, because the kernel reports lost writes only once.
 */
public final class FileDevice implements ExportDevice {
    private final Path path;
    private final FileChannel channel;
    private final Optional<Holes> holes;
    private final long sizeBytes;
    private final Object flushLock = new Object();
    private boolean flushFailed; // guarded by flushLock

    private FileDevice(Path path, FileChannel channel, Optional<Holes> holes, long sizeBytes) {
        this.path = path;
        this.channel = channel;
        this.holes = holes;
        this.sizeBytes = sizeBytes;
    }

    /**
     * Opens an existing file or block device.
     *
     * @param readOnly opens it for reading only; whatever changes it then fails
     */
    public static FileDevice open(Path path, boolean readOnly) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException("%s is a folder; a raw image or a block device can be exported".formatted(path));
        }
        Optional<Holes> holes = Holes.open(path, readOnly);
        try {
            // Through the descriptor, so that both see the same file even if the path is replaced in between.
            Path same = holes.map(Holes::sameFile).orElse(path);
            FileChannel channel = FileChannel.open(
                    same,
                    readOnly
                            ? Set.of(StandardOpenOption.READ)
                            : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
            return new FileDevice(path, channel, holes, channel.size());
        } catch (IOException e) {
            holes.ifPresent(Holes::close);
            throw e;
        }
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
        long atBytes = offsetBytes;
        while (into.hasRemaining()) {
            int got = channel.read(into, atBytes);
            if (got < 0) {
                throw new IOException("%s ends at byte %d, before its %d bytes; it was cut while it was exported"
                        .formatted(path, atBytes, sizeBytes));
            }
            atBytes += got;
        }
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
        long atBytes = offsetBytes;
        try {
            while (from.hasRemaining()) {
                atBytes += channel.write(from, atBytes);
            }
        } catch (IOException e) {
            throw explained(e);
        }
    }

    @Override
    public void flush() throws IOException {
        // One after another: the kernel tells lost writes to one caller only, and a flush beside it would look good.
        synchronized (flushLock) {
            if (flushFailed) {
                throw new IOException(
                        "%s lost writes at an earlier flush; check the disk, then write it again".formatted(path));
            }
            try {
                channel.force(false); // times of the file are not part of what was written
            } catch (IOException e) {
                flushFailed = true;
                throw explained(e);
            }
        }
    }

    @Override
    public boolean zeroFast(long offsetBytes, long lengthBytes, boolean keepAllocated) throws IOException {
        return holes.isPresent() && holes.get().zero(offsetBytes, lengthBytes, keepAllocated);
    }

    @Override
    public void trim(long offsetBytes, long lengthBytes) throws IOException {
        if (holes.isPresent()) {
            holes.get().punch(offsetBytes, lengthBytes); // where that cannot be done, nothing is owed
        }
    }

    @Override
    public void cache(long offsetBytes, long lengthBytes) {
        holes.ifPresent(calls -> calls.willNeed(offsetBytes, lengthBytes));
    }

    @Override
    public AllocationRun allocation(long offsetBytes, long lengthBytes) throws IOException {
        return holes.isPresent() ? holes.get().runAt(offsetBytes, lengthBytes) : AllocationRun.data(lengthBytes);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            holes.ifPresent(Holes::close);
        }
    }

    /** The JDK tells a full disk only by its words. */
    private IOException explained(IOException e) {
        String words = String.valueOf(e.getMessage());
        if (words.contains("No space left") || words.contains("Disk quota exceeded")) {
            return new NoSpaceException("%s cannot grow into its holes: %s".formatted(path, words), e);
        }
        return e;
    }
}
