package io.migratekit.job.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.Chunk;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

final class ChunkSizeTest {
    private static final long SECOND_NANOS = 1_000_000_000L;

    @Test
    void neverHoldsMoreThanTheChunkWithItsLookAhead() {
        ChunkSize size = new ChunkSize(chunk(256), DataSize.ofMegabytes(64));
        for (int i = 0; i < 10; i++) {
            size.measured(size.getAsLong(), 1);
            assertThat(size.getAsLong()).isLessThanOrEqualTo(192L << 20);
        }
        assertThat(size.getAsLong()).isEqualTo(192L << 20);
    }

    @Test
    void followsTheSpeedDownAndAtMostFourTimesUp() {
        ChunkSize size = new ChunkSize(chunk(1024), DataSize.ofMegabytes(64));
        long first = size.getAsLong();
        size.measured(first, 1);
        assertThat(size.getAsLong()).isEqualTo(4 * first);
        size.measured(4 * first, 40 * SECOND_NANOS); // 1.6 MiB a second, 5 s a chunk
        assertThat(size.getAsLong()).isEqualTo(8L << 20);
    }

    @Test
    void keepsAChunkThatIsShorterThanTwiceTheLookAhead() {
        ChunkSize size = new ChunkSize(chunk(1), DataSize.ofMegabytes(64));
        size.measured(1 << 20, 1);
        assertThat(size.getAsLong()).isEqualTo(1 << 20);
    }

    private static Chunk chunk(long megabytes) {
        return new Chunk(DataSize.ofMegabytes(megabytes), Duration.ofSeconds(5));
    }
}
