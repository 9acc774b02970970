package io.migratekit.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much is committed at once ({@code migratekit.chunk}). A larger chunk commits less often; a restart copies at most
 * one chunk per range again.
 *
 * @param bytes most data of a range that is not committed, look-ahead included as long as this is at least twice the
 *     window, 1 MiB to 16 GiB
 * @param interval time that a chunk should take at the measured speed, 100 ms to 10 min: slow disks have smaller chunks
 */
public record Chunk(
        @DefaultValue("256MB") DataSize bytes,
        @DefaultValue("5s") Duration interval) {

    public Chunk {
        Range.of("migratekit.chunk.bytes").between(bytes, DataSize.ofMegabytes(1), DataSize.ofGigabytes(16));
        Range.of("migratekit.chunk.interval").between(interval, Duration.ofMillis(100), Duration.ofMinutes(10));
    }
}
