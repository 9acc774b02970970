package io.migratekit.shell.vcenter;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.VolumeDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How much the pool of local volumes can promise at most; what other volumes have yet to fill is not taken off. */
final class PoolRoom {
    private final MigrateKitSettings settings;
    private final boolean inCloud;

    /** @param inCloud whether volumes are made in a cloud where the settings do not say */
    PoolRoom(MigrateKitSettings settings, boolean inCloud) {
        this.settings = settings;
        this.inCloud = inCloud;
    }

    /** Returns it in bytes; empty if volumes are made in a cloud, or the pool cannot be looked at from here. */
    Optional<Long> bytesMax() {
        VolumeDaemon volumes = settings.volumes();
        boolean local = switch (volumes.backend()) {
            case LOCAL -> true;
            case CLOUDSTACK -> false;
            case AUTO -> !inCloud;
        };
        if (!local) {
            return Optional.empty();
        }
        try {
            Path pool = existing(volumes.pool().orElse(settings.home().resolve("volumes")));
            long freeBytes = Files.getFileStore(pool).getUsableSpace()
                    - volumes.reserve().toBytes();
            return Optional.of((long) (Math.max(0, freeBytes) * volumes.overcommit()));
        } catch (IOException e) {
            return Optional.empty(); // the daemon's own health tells what is wrong with its pool
        }
    }

    /** Returns the folder, or the nearest one above it that is there. */
    private static Path existing(Path folder) {
        Path there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }
}
