package io.migratekit.source.lab;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Excludes other threads and other processes while it is held; a killed process lets go of it. Not reentrant. */
final class FolderLock implements AutoCloseable {
    private static final long WAIT_NANOS_MAX = TimeUnit.MINUTES.toNanos(10);

    /** What is done while the lock is held. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Does {@code work} while holding the lock of {@code folder}. */
    static <T> T holding(Path folder, Work<T> work) throws IOException {
        try (FolderLock lock = acquire(folder)) {
            lock.checkHeld();
            return work.run();
        }
    }

    private void checkHeld() {
        if (!channel.isOpen()) {
            throw new IllegalStateException("the lock was given up already");
        }
    }

    private static FolderLock acquire(Path folder) throws IOException {
        Path file = folder.resolve("lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long giveUpNanos = System.nanoTime() + WAIT_NANOS_MAX;
        try {
            while (tryLock(channel) == null) {
                if (System.nanoTime() > giveUpNanos) {
                    throw new IOException("%s is held by somebody else for 10 minutes".formatted(file));
                }
                Thread.sleep(2);
            }
            return new FolderLock(channel);
        } catch (InterruptedException e) {
            channel.close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + file, e);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another thread of this process has it
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
