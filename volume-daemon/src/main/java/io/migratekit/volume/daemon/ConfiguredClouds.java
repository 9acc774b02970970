package io.migratekit.volume.daemon;

import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.cloudstack.CloudAccounts;
import io.migratekit.volume.cloudstack.CloudStack;
import java.util.List;
import java.util.Optional;

/**
 * The clouds of the OSSEA configurations.
 *
 * @param accounts opens them
 */
record ConfiguredClouds(CloudAccounts accounts) implements BackendSource {
    @Override
    public Optional<VolumeBackend> active(String installationId) {
        return accounts.active(installationId).map(CloudStack::volumes);
    }

    @Override
    public List<VolumeBackend> others(String installationId) {
        return accounts.inactive(installationId);
    }
}
