package io.migratekit.volume.cloudstack;

import io.migratekit.config.account.ServerTrust;
import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.cloudstack.api.ApiKeys;
import io.migratekit.volume.cloudstack.api.CloudStackClient;
import io.migratekit.volume.compute.Catalog;
import io.migratekit.volume.compute.MachineId;
import io.migratekit.volume.compute.Machines;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/** One account of one cloud. Nothing is asked before it is needed. Safe for many threads. */
public final class CloudStack {
    private static final Path PRODUCT_UUID = Path.of("/sys/class/dmi/id/product_uuid");

    private final CloudStackBackend volumes;
    private final CloudMachines machines;
    private final CloudCatalog catalog;
    private final ApplianceVm appliance;
    private final Inspection inspection;

    /**
     * Makes it.
     *
     * @param identity how this machine can be recognised, asked for if its VM is not configured
     * @throws IllegalArgumentException if the endpoint is no URL of an API
     * @throws io.migratekit.volume.VolumeException of kind REFUSED if the authority's file cannot be used
     */
    public CloudStack(CloudStackSettings settings, Supplier<MachineIdentity> identity, Clock clock) {
        CloudAccount account = settings.account();
        CloudStackClient client = new CloudStackClient(
                account.endpoint(), account.trust(), account.keys(), settings.requestTimeout(), clock);
        Goals goals = new Goals(client, settings, clock);
        Ownership ownership = new Ownership(settings.installationId());
        CloudVolumes cloudVolumes = new CloudVolumes(client, goals, ownership);
        this.catalog = new CloudCatalog(client);
        this.machines = new CloudMachines(client, cloudVolumes, ownership, account.zoneId(), goals);
        this.appliance = new ApplianceVm(machines, account.omaVmId(), identity);
        Devices devices = new Devices(settings);
        Attachments attachments = new Attachments(cloudVolumes, goals, appliance, devices);
        CloudSnapshots snapshots = new CloudSnapshots(client, goals);
        this.volumes = new CloudStackBackend(account, cloudVolumes, snapshots, catalog, appliance, attachments);
        this.inspection = new Inspection(client, catalog, account, appliance, devices);
    }

    /**
     * Makes it for this machine, which is recognised by its firmware's UUID or its network cards if its VM is not
     * configured.
     *
     * @throws IllegalArgumentException if the endpoint is no URL of an API
     */
    public static CloudStack of(CloudStackSettings settings) {
        return new CloudStack(settings, () -> MachineIdentity.read(PRODUCT_UUID), Clock.systemUTC());
    }

    /**
     * Returns what a cloud offers to an account, before a zone or an offering has been chosen.
     *
     * @param requestTimeout for one request
     * @throws IllegalArgumentException if the endpoint is no URL of an API
     */
    public static Catalog catalog(URI endpoint, ServerTrust trust, ApiKeys keys, Duration requestTimeout) {
        return new CloudCatalog(new CloudStackClient(endpoint, trust, keys, requestTimeout, Clock.systemUTC()));
    }

    /** Returns its volumes. */
    public VolumeBackend volumes() {
        return volumes;
    }

    /** Returns its machines. */
    public Machines machines() {
        return machines;
    }

    /** Returns what it offers. */
    public Catalog catalog() {
        return catalog;
    }

    /**
     * Returns the VM that this appliance is.
     *
     * @throws io.migratekit.volume.VolumeException of kind REFUSED if there is none, or more than one may be it
     */
    public MachineId applianceVm() {
        return appliance.id();
    }

    /** Looks whether the configuration is right: everything that volumes need, each with what was seen. */
    public DaemonHealth inspect() {
        return inspection.look();
    }
}
