package io.migratekit.volume.local;

import io.migratekit.volume.VolumeId;
import java.io.IOException;

/** A folder of the pool is no volume that can be used, though it should be. It is told of and never removed. */
final class DamagedVolume extends IOException {
    private static final long serialVersionUID = 1;

    DamagedVolume(Pool pool, VolumeId id, String reason, Throwable cause) {
        super(
                "volume %s is damaged: %s. Nothing in %s is changed; put it right from a backup, or move the folder out of the pool"
                        .formatted(id, reason, pool.of(id)),
                cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
