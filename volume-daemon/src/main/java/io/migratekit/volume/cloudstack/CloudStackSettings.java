package io.migratekit.volume.cloudstack;

import io.migratekit.config.VolumeDaemon;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Which cloud, and how patiently it is asked.
 *
 * @param account the OSSEA configuration
 * @param deviceFolder where devices of attached volumes appear, such as /dev/disk/by-id
 * @param blockFolder where the kernel shows block devices and their serial numbers, /sys/block
 * @param deviceTimeout how long to wait for a device to appear, change or go
 * @param pollInterval the first pause between two looks at a job; it grows tenfold
 * @param operationTimeout how long one call waits for one job before it says that the job goes on
 * @param requestTimeout for one request
 * @param installationId the value of the ownership tag: 1 to 64 letters, digits and '-'; never changes
 */
public record CloudStackSettings(
        CloudAccount account,
        Path deviceFolder,
        Path blockFolder,
        Duration deviceTimeout,
        Duration pollInterval,
        Duration operationTimeout,
        Duration requestTimeout,
        String installationId) {
    private static final Path BLOCK_DEVICES = Path.of("/sys/block");

    public CloudStackSettings {
        if (!installationId.matches("[A-Za-z0-9-]{1,64}")) {
            throw new IllegalArgumentException(
                    "'%s' is no installation id; 1 to 64 letters, digits and '-' are".formatted(installationId));
        }
    }

    /** Takes folders and times from {@code migratekit.volumes}. */
    public static CloudStackSettings of(CloudAccount account, VolumeDaemon daemon, String installationId) {
        return new CloudStackSettings(
                account,
                daemon.deviceFolder(),
                BLOCK_DEVICES,
                daemon.deviceTimeout(),
                daemon.pollInterval(),
                daemon.operationTimeout(),
                daemon.requestTimeout(),
                installationId);
    }
}
