package io.migratekit.volume.cloudstack;

import io.migratekit.volume.cloudstack.api.ApiKeys;
import io.migratekit.volume.compute.MachineId;
import io.migratekit.volume.compute.ResourceId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Which cloud, as whom, and how patiently.
 *
 * @param name of the OSSEA configuration; volumes carry it in the ledger
 * @param endpoint such as {@code https://cloud.example.com/client/api}
 * @param keys of the account that owns the volumes
 * @param zoneId where volumes and machines are made
 * @param diskOfferingId of volumes; its size must be left open
 * @param omaVmId the VM that this appliance is; empty lets it find out
 * @param deviceFolder where devices of attached volumes appear, such as /dev/disk/by-id
 * @param blockFolder where the kernel shows block devices and their serial numbers, /sys/block
 * @param deviceTimeout how long to wait for a device to appear, change or go
 * @param pollInterval the first pause between two looks at a job; it grows tenfold
 * @param operationTimeout how long one call waits for one job
 * @param requestTimeout for one request
 * @param installationId the value of the ownership tag: 1 to 64 letters, digits and '-'; never changes
 */
public record CloudStackSettings(
        String name,
        URI endpoint,
        ApiKeys keys,
        ResourceId zoneId,
        ResourceId diskOfferingId,
        Optional<MachineId> omaVmId,
        Path deviceFolder,
        Path blockFolder,
        Duration deviceTimeout,
        Duration pollInterval,
        Duration operationTimeout,
        Duration requestTimeout,
        String installationId) {
    public CloudStackSettings {
        if (!installationId.matches("[A-Za-z0-9-]{1,64}")) {
            throw new IllegalArgumentException(
                    "'%s' is no installation id; 1 to 64 letters, digits and '-' are".formatted(installationId));
        }
    }
}
