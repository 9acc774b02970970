package io.migratekit.target;

import io.migratekit.nbd.wire.Transmission;
import java.time.Duration;

/**
 * How to copy. None of it changes what is copied.
 *
 * @param requestBytes length of a READ and WRITE next to a peer that answers at once; a power of two, 64 KiB to 4 MiB
 * @param farRequestBytes the same for a peer that takes longer than 2 ms; not below
 *     requestBytes, at most 32 MiB
 * @param windowBytes bytes under way at most, per range; also how far a copy runs ahead of a commit
 * @param zeroBytesMin shortest run of zeros that is not written as data; a power of two, 4 KiB at least
 * @param connectTimeout for one attempt to connect
 * @param requestTimeout longest silence of a peer that owes an answer
 * @param reconnectTimeout how long a lost peer is tried again without any progress before the copy fails
 * @param attemptsMax how often one request that fails with an input/output error is tried in all
 */
public record CopySettings(
        int requestBytes,
        int farRequestBytes,
        long windowBytes,
        int zeroBytesMin,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration reconnectTimeout,
        int attemptsMax) {
    public CopySettings {
        if (Integer.bitCount(requestBytes) != 1 || requestBytes < 64 << 10 || requestBytes > 4 << 20) {
            throw new IllegalArgumentException(
                    "request size of %d bytes; a power of two from 64 KiB to 4 MiB is needed".formatted(requestBytes));
        }
        if (Integer.bitCount(farRequestBytes) != 1
                || farRequestBytes < requestBytes
                || farRequestBytes > Transmission.PAYLOAD_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "far request size of %d bytes; a power of two from %d to 32 MiB is needed"
                            .formatted(farRequestBytes, requestBytes));
        }
        if (windowBytes < 2L * farRequestBytes || windowBytes > 1L << 30) {
            throw new IllegalArgumentException("window of %d bytes; twice the far request size (%d) to 1 GiB is needed"
                    .formatted(windowBytes, farRequestBytes));
        }
        if (Integer.bitCount(zeroBytesMin) != 1 || zeroBytesMin < 4096 || zeroBytesMin > requestBytes) {
            throw new IllegalArgumentException(
                    "zero run of %d bytes; a power of two from 4096 to the request size is needed"
                            .formatted(zeroBytesMin));
        }
        if (attemptsMax < 1) {
            throw new IllegalArgumentException("%d attempts; at least 1 is needed".formatted(attemptsMax));
        }
    }

    /** 256 KiB near, 1 MiB far, 32 MiB under way, zeros from 64 KiB on, two minutes of reconnecting. */
    public static CopySettings defaults() {
        return new CopySettings(
                256 << 10,
                1 << 20,
                32 << 20,
                64 << 10,
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofMinutes(2),
                5);
    }
}
