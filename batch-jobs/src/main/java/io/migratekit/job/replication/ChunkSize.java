package io.migratekit.job.replication;

import io.migratekit.config.Chunk;
import io.migratekit.source.extent.RunBytes;
import java.util.concurrent.TimeUnit;
import org.springframework.util.unit.DataSize;

/**
 * How much the next chunk of a range holds: as much as it copies in the configured time, at most the configured bytes. It
 * begins small and follows the measured speed, that of data and that of zeros each for itself.
 */
final class ChunkSize implements RunBytes {
    private static final long BYTES_MIN = 4 << 20;

    /** Zeros of a chunk for each byte of data; where they cost next to nothing, a commit must not cost more than they. */
    private static final int ZEROS = 64;

    private final Learnt data;
    private final Learnt zeros;

    /**
     * Takes the look-ahead off the chunk, since a crash costs both: together they stay within the configured bytes. A
     * chunk that is configured to be shorter than twice the look-ahead keeps its length.
     */
    ChunkSize(Chunk settings, DataSize lookAhead) {
        long chunkBytes = settings.bytes().toBytes();
        long aheadBytes = lookAhead.toBytes();
        long bytesMax = chunkBytes >= 2 * aheadBytes ? chunkBytes - aheadBytes : chunkBytes;
        long intervalNanos = settings.interval().toNanos();
        this.data = new Learnt(BYTES_MIN, bytesMax, intervalNanos);
        this.zeros = new Learnt(ZEROS * BYTES_MIN, ZEROS * bytesMax, intervalNanos);
    }

    @Override
    public long dataBytes() {
        return data.bytes;
    }

    @Override
    public long zeroBytes() {
        return zeros.bytes;
    }

    /** Takes in that a chunk of so many bytes took so long. */
    void measured(long dataBytes, long zeroBytes, long nanos) {
        data.measured(dataBytes, nanos);
        zeros.measured(zeroBytes, nanos);
    }

    /** A size that follows what was measured. */
    private static final class Learnt {
        private final long bytesMin;
        private final long bytesMax;
        private final long intervalNanos;
        private long bytes;

        Learnt(long bytesMin, long bytesMax, long intervalNanos) {
            this.bytesMin = Math.min(bytesMin, bytesMax);
            this.bytesMax = bytesMax;
            this.intervalNanos = intervalNanos;
            this.bytes = Math.min(bytesMax, 4 * bytesMin);
        }

        void measured(long doneBytes, long nanos) {
            if (doneBytes < bytes / 2) {
                return; // mostly the other kind, or the rest of the range: says nothing of the speed
            }
            double perNano = (double) doneBytes / Math.max(nanos, TimeUnit.MILLISECONDS.toNanos(1));
            long wanted = (long) Math.min((double) bytesMax, perNano * intervalNanos);
            // At most four times as much at once, so that one lucky chunk does not make a huge one.
            bytes = Math.max(bytesMin, Math.min(wanted, bytes * 4));
        }
    }
}
