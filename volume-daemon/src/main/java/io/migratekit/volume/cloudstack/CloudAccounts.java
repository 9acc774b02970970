package io.migratekit.volume.cloudstack;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.config.account.OsseaEndpoint;
import io.migratekit.config.account.OsseaKeys;
import io.migratekit.config.account.OsseaPlace;
import io.migratekit.config.account.ServerTrust;
import io.migratekit.config.vault.VaultException;
import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.cloudstack.api.ApiKeys;
import io.migratekit.volume.compute.Catalog;
import io.migratekit.volume.compute.MachineId;
import io.migratekit.volume.compute.ResourceId;
import java.util.List;
import java.util.Optional;

/**
 * Opens the clouds that are configured. Keys are opened for each call and kept by what it returns, so that a change of
 * them shows in the next. Safe for many threads.
 */
public final class CloudAccounts {
    /** Where things are only looked at, nothing is marked as ours. */
    private static final String NOBODY = "nobody";

    private final OsseaConfigs configs;
    private final VolumeDaemon settings;

    public CloudAccounts(OsseaConfigs configs, VolumeDaemon settings) {
        this.configs = configs;
        this.settings = settings;
    }

    /**
     * Opens the active cloud; empty if there is none.
     *
     * @param installationId marks what is made as ours: 1 to 64 letters, digits and '-'; never changes
     * @throws io.migratekit.config.vault.VaultException if its keys do not open
     * @throws io.migratekit.config.account.AccountException of kind NEEDS_DECISION if several are active
     */
    public Optional<CloudStack> active(String installationId) {
        return configs.active().map(config -> open(config, installationId));
    }

    /**
     * Opens the volumes of all clouds but the active one. One whose keys do not open is among them, and fails whatever it is
     * asked with the reason: it stands in nobody else's way.
     *
     * @param installationId marks what is made as ours: 1 to 64 letters, digits and '-'; never changes
     */
    public List<VolumeBackend> inactive(String installationId) {
        return configs.list().stream()
                .filter(config -> !config.active())
                .map(config -> opened(config, installationId))
                .toList();
    }

    private VolumeBackend opened(OsseaConfig config, String installationId) {
        try {
            return open(config, installationId).volumes();
        } catch (VaultException | VolumeException e) {
            return new UnopenedCloud(CloudAccount.backendName(config.name()), e);
        }
    }

    /**
     * Opens a cloud; nothing is asked yet.
     *
     * @param installationId marks what is made as ours: 1 to 64 letters, digits and '-'; never changes
     * @throws io.migratekit.config.vault.VaultException if its keys do not open
     * @throws io.migratekit.volume.VolumeException of kind REFUSED if its authority's file cannot be used
     */
    public CloudStack open(OsseaConfig config, String installationId) {
        return CloudStack.of(CloudStackSettings.of(account(config), settings, installationId));
    }

    /** Looks whether a configuration is right. Changes nothing. */
    public DaemonHealth inspect(OsseaConfig config) {
        return open(config, NOBODY).inspect();
    }

    /** Returns what a configured cloud offers. */
    public Catalog catalog(OsseaConfig config) {
        return catalog(config.endpoint(), config.trust(), configs.keys(config.name()));
    }

    /**
     * Returns what a cloud offers, before anything is chosen or stored.
     *
     * @throws IllegalArgumentException if a key holds a blank
     */
    public Catalog catalog(OsseaEndpoint endpoint, ServerTrust trust, OsseaKeys keys) {
        return CloudStack.catalog(endpoint.url(), trust, apiKeys(keys), settings.requestTimeout());
    }

    private CloudAccount account(OsseaConfig config) {
        OsseaPlace place = config.place();
        return new CloudAccount(
                config.name(),
                config.endpoint().url(),
                config.trust(),
                apiKeys(configs.keys(config.name())),
                new ResourceId(place.zone()),
                new ResourceId(place.diskOffering()),
                place.omaVm().map(MachineId::new));
    }

    private static ApiKeys apiKeys(OsseaKeys keys) {
        return new ApiKeys(keys.apiKey().reveal(), keys.secretKey().reveal());
    }
}
