package io.migratekit.volume.local;

import io.migratekit.volume.VolumeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets one process use a pool. A killed process lets go of it. The file {@code .lock} is never read and never opened a
 * second time by its holder, since closing it would give the lock up (fcntl(2)); {@code .holder} says who that is.
 */
final class PoolLock implements AutoCloseable {
    private static final String LOCK = ".lock";
    private static final String HOLDER = ".holder";

    private final Path pool;
    private final FileChannel channel;
    private final @Nullable Object fileKey;

    private PoolLock(Path pool, FileChannel channel, @Nullable Object fileKey) {
        this.pool = pool;
        this.channel = channel;
        this.fileKey = fileKey;
    }

    /**
     * Takes the lock.
     *
     * @throws VolumeException of kind BUSY with who holds it
     */
    static PoolLock take(Path pool) throws IOException {
        String self = self();
        if (holder(pool).equals(self)) {
            throw busy(pool);
        }
        Path file = pool.resolve(LOCK);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw busy(pool);
            }
            Files.writeString(pool.resolve(HOLDER), self);
            return new PoolLock(pool, channel, key(file));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Checks that the pool is still the one that was opened: not unmounted, replaced, or mounted over.
     *
     * @throws VolumeException of kind UNAVAILABLE if it is not
     */
    void check() throws IOException {
        if (!channel.isOpen()) {
            throw new VolumeException(
                    VolumeException.Kind.UNAVAILABLE, "the pool %s was closed by this process".formatted(pool));
        }
        Object now = null;
        try {
            now = key(pool.resolve(LOCK));
        } catch (NoSuchFileException e) {
            // told below
        }
        if (now == null || !Objects.equals(now, fileKey)) {
            throw new VolumeException(
                    VolumeException.Kind.UNAVAILABLE,
                    "the pool %s is not there any more, or not the one that was opened; is its file system mounted?"
                            .formatted(pool));
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(pool.resolve(HOLDER));
        channel.close();
    }

    private static VolumeException busy(Path pool) throws IOException {
        String holder = holder(pool);
        return new VolumeException(
                VolumeException.Kind.BUSY,
                "the pool %s is in use by %s; stop that, or give this one another migratekit.volumes.pool"
                        .formatted(pool, holder.isEmpty() ? "another process" : holder));
    }

    private static String holder(Path pool) throws IOException {
        try {
            return Files.readString(pool.resolve(HOLDER));
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static String self() {
        ProcessHandle process = ProcessHandle.current();
        Instant start = process.info().startInstant().orElse(Instant.EPOCH);
        return "process %d on %s, started %s".formatted(process.pid(), host(), start);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "a host without a name";
        }
    }

    private static @Nullable Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }
}
