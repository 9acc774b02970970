package io.migratekit.volume.local;

import io.migratekit.config.VolumeDaemon;
import java.nio.file.Path;

/**
 * How a pool is used.
 *
 * @param pool its folder, made if it is missing; made absolute here
 * @param format of new volumes
 * @param reserveBytes of the pool's file system that volumes must leave free, from 0
 * @param overcommit how much more than its space the pool may promise, from 1
 * @param installationId the ownership tag: volumes of other installations are seen and never changed
 * @param tools finds qemu-img and find
 */
public record LocalSettings(
        Path pool,
        VolumeDaemon.Format format,
        long reserveBytes,
        double overcommit,
        String installationId,
        Tools tools) {
    public LocalSettings {
        pool = pool.toAbsolutePath().normalize();
        if (reserveBytes < 0 || !(overcommit >= 1) || installationId.isBlank()) {
            throw new IllegalArgumentException(
                    "pool %s with a reserve of %d bytes, an overcommit of %s and the tag '%s'; from 0, from 1 and a tag are needed"
                            .formatted(pool, reserveBytes, overcommit, installationId));
        }
    }
}
