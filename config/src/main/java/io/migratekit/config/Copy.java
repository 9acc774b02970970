package io.migratekit.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How bytes are moved ({@code migratekit.copy}).
 *
 * @param partitionsPerDisk ranges of one disk that are copied side by side, each with its own connections, 1 to 64; 0
 *     (the default) stands for the number of processors, but 2 to 4; a source or target that does not allow several
 *     connections has one
 * @param rangesAtOnce ranges of all disks of a machine that are copied at the same time, 1 to 256
 * @param requestSize length of a read or write next to a peer that answers at once, a power of two, 64 KiB to 4 MiB
 * @param farRequestSize the same for a peer that takes longer to answer, a power of two, requestSize to 32 MiB; a server
 *     that allows less is obeyed
 * @param window bytes under way per range, twice farRequestSize to 1 GiB: about this much memory per range, and this
 *     much more may be copied again after a crash
 * @param connectTimeout for one attempt to connect, 1 s to 10 min
 * @param requestTimeout how long a reply may take until the connection is given up, 1 s to 1 h
 * @param reconnectTimeout how long a lost source or target is tried again, 0 to 24 h; then the job fails, restartable
 * @param attempts how often a request that fails with an input/output error is tried in all, 1 to 100
 */
public record Copy(
        @DefaultValue("0") int partitionsPerDisk,
        @DefaultValue("8") int rangesAtOnce,
        @DefaultValue("256KB") DataSize requestSize,
        @DefaultValue("1MB") DataSize farRequestSize,
        @DefaultValue("64MB") DataSize window,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("60s") Duration requestTimeout,
        @DefaultValue("2m") Duration reconnectTimeout,
        @DefaultValue("5") int attempts) {

    public Copy {
        if (partitionsPerDisk == 0) {
            partitionsPerDisk = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));
        }
        Range.of("migratekit.copy.partitions-per-disk").between(partitionsPerDisk, 1, 64);
        Range.of("migratekit.copy.ranges-at-once").between(rangesAtOnce, 1, 256);
        Range.of("migratekit.copy.request-size")
                .powerOfTwo(requestSize, DataSize.ofKilobytes(64), DataSize.ofMegabytes(4));
        Range.of("migratekit.copy.far-request-size").powerOfTwo(farRequestSize, requestSize, DataSize.ofMegabytes(32));
        Range.of("migratekit.copy.window")
                .between(window, DataSize.ofBytes(2 * farRequestSize.toBytes()), DataSize.ofGigabytes(1));
        Range.of("migratekit.copy.connect-timeout")
                .between(connectTimeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
        Range.of("migratekit.copy.request-timeout").between(requestTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
        Range.of("migratekit.copy.reconnect-timeout").between(reconnectTimeout, Duration.ZERO, Duration.ofHours(24));
        Range.of("migratekit.copy.attempts").between(attempts, 1, 100);
    }
}
