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
            size.measured(size.dataBytes(), 0, 1);
            assertThat(size.dataBytes()).isLessThanOrEqualTo(192L << 20);
        }
        assertThat(size.dataBytes()).isEqualTo(192L << 20);
    }

    @Test
    void followsTheSpeedDownAndAtMostFourTimesUp() {
        ChunkSize size = new ChunkSize(chunk(1024), DataSize.ofMegabytes(64));
        long first = size.dataBytes();
        size.measured(first, 0, 1);
        assertThat(size.dataBytes()).isEqualTo(4 * first);
        size.measured(4 * first, 0, 40 * SECOND_NANOS); // 1.6 MiB a second, 5 s a chunk
        assertThat(size.dataBytes()).isEqualTo(8L << 20);
    }

    @Test
    void keepsAChunkThatIsShorterThanTwiceTheLookAhead() {
        ChunkSize size = new ChunkSize(chunk(1), DataSize.ofMegabytes(64));
        size.measured(1 << 20, 0, 1);
        assertThat(size.dataBytes()).isEqualTo(1 << 20);
    }

    @Test
    void zerosThatTakeTheirTimeShortenAChunkAndThoseThatTakeNoneLengthenIt() {
        ChunkSize size = new ChunkSize(chunk(1024), DataSize.ofMegabytes(64));
        long first = size.zeroBytes();
        size.measured(0, first, 20 * SECOND_NANOS); // written out at 51 MiB a second, 5 s a chunk
        assertThat(size.zeroBytes()).isEqualTo(first / 4);
        size.measured(0, first / 4, 1);
        assertThat(size.zeroBytes()).isEqualTo(first);
        for (int i = 0; i < 10; i++) {
            size.measured(0, size.zeroBytes(), 1);
        }
        assertThat(size.zeroBytes()).isEqualTo(960L << 26);
        assertThat(size.dataBytes()).as("nothing is known of data").isEqualTo(16L << 20);
    }

    private static Chunk chunk(long megabytes) {
        return new Chunk(DataSize.ofMegabytes(megabytes), Duration.ofSeconds(5));
    }
}
