package io.migratekit.volume.image;

import io.migratekit.volume.VolumeException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An image is ours, told to QEMU's programs in the way in which they tell each other (block/file-posix.c of QEMU): a lock
 * on byte 100 + n says that permission n is in use, one on byte 200 + n that nobody else may have it. It is certain at the
 * moment when it is taken; the kernel forgets it when this process opens the file elsewhere and closes it there.
 */
public final class ImageLock implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(ImageLock.class);

    private static final int PERMISSION_WRITE = 1;
    private static final long IN_USE = 100;
    private static final long MINE_ALONE = 200;

    private final FileChannel file;

    private ImageLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Takes an image for writing, or for reading what nobody writes.
     *
     * @throws VolumeException of kind REFUSED if another process has it open
     */
    public static ImageLock take(Path image, boolean readOnly) throws IOException {
        // Whether somebody writes can only be asked with a file that is open for writing.
        boolean askable = !readOnly || Files.isWritable(image);
        FileChannel file = FileChannel.open(
                image,
                askable ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE) : Set.of(StandardOpenOption.READ));
        try {
            if (askable) {
                lock(file, image, IN_USE, false);
            }
            lock(file, image, MINE_ALONE, readOnly);
            return new ImageLock(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            log.warn("an image's lock was not given back in order; the kernel has dropped it all the same", e);
        }
    }

    private static void lock(FileChannel file, Path image, long kind, boolean shared) throws IOException {
        try {
            FileLock lock = file.tryLock(kind + PERMISSION_WRITE, 1, shared);
            if (lock == null) {
                throw elsewhere(image, null);
            }
        } catch (OverlappingFileLockException e) {
            throw elsewhere(image, e);
        }
    }

    private static VolumeException elsewhere(Path image, @Nullable Exception cause) {
        return new VolumeException(
                VolumeException.Kind.REFUSED,
                "the image %s is open elsewhere: in a virtual machine, another process of ours (a copy, 'export' or a volume daemon), another server or qemu-img; 'fuser -v %s' names who has it. End that first"
                        .formatted(image, image),
                cause);
    }
}
