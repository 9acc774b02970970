package io.migratekit.job.replication;

import io.migratekit.config.Chunk;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.springframework.util.unit.DataSize;

/**
 * How much data the next chunk of a range holds: as much as it copies in the configured time, at most the configured
 * bytes. It begins small and follows the measured speed.
 */
final class ChunkSize implements LongSupplier {
    private static final long BYTES_MIN = 4 << 20;

    private final long bytesMax;
    private final long intervalNanos;
    private long bytes;

    /**
     * Takes the look-ahead off the chunk, since a crash costs both: together they stay within the configured bytes. A
     * chunk that is configured to be shorter than twice the look-ahead keeps its length.
     */
    ChunkSize(Chunk settings, DataSize lookAhead) {
        long chunkBytes = settings.bytes().toBytes();
        long aheadBytes = lookAhead.toBytes();
        this.bytesMax = chunkBytes >= 2 * aheadBytes ? chunkBytes - aheadBytes : chunkBytes;
        this.intervalNanos = settings.interval().toNanos();
        this.bytes = Math.min(bytesMax, 4 * BYTES_MIN);
    }

    @Override
    public long getAsLong() {
        return bytes;
    }

    /** Takes in that {@code dataBytes} took so long. */
    void measured(long dataBytes, long nanos) {
        if (dataBytes < bytes / 2) {
            return; // mostly holes, or the rest of the range: says nothing of the speed
        }
        double perNano = (double) dataBytes / Math.max(nanos, TimeUnit.MILLISECONDS.toNanos(1));
        long wanted = (long) Math.min((double) bytesMax, perNano * intervalNanos);
        // At most four times as much at once, so that one lucky chunk does not make a huge one.
        bytes = Math.max(Math.min(BYTES_MIN, bytesMax), Math.min(wanted, bytes * 4));
    }
}
