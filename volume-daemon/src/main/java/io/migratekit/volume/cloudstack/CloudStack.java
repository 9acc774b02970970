package io.migratekit.volume.cloudstack;

import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.cloudstack.api.CloudStackClient;
import io.migratekit.volume.compute.Catalog;
import io.migratekit.volume.compute.MachineId;
import io.migratekit.volume.compute.Machines;
import java.time.Clock;
import java.util.function.Supplier;

/** One account of one cloud. Nothing is asked before it is needed. Safe for many threads. */
public final class CloudStack {
    private final CloudStackBackend volumes;
    private final CloudMachines machines;
    private final CloudCatalog catalog;
    private final ApplianceVm appliance;

    /**
     * Makes it.
     *
     * @param identity how this machine can be recognised, asked for if its VM is not configured
     * @throws IllegalArgumentException if the endpoint is no URL of an API
     */
    public CloudStack(CloudStackSettings settings, Supplier<MachineIdentity> identity, Clock clock) {
        CloudStackClient client =
                new CloudStackClient(settings.endpoint(), settings.keys(), settings.requestTimeout(), clock);
        Goals goals = new Goals(client, settings, clock);
        Ownership ownership = new Ownership(settings.installationId());
        CloudVolumes cloudVolumes = new CloudVolumes(client, goals, ownership);
        this.catalog = new CloudCatalog(client);
        this.machines = new CloudMachines(client, cloudVolumes, ownership, settings.zoneId(), goals);
        this.appliance = new ApplianceVm(machines, settings.omaVmId(), identity);
        Attachments attachments = new Attachments(cloudVolumes, goals, appliance, new Devices(settings));
        CloudSnapshots snapshots = new CloudSnapshots(client, goals);
        this.volumes = new CloudStackBackend(settings, cloudVolumes, snapshots, catalog, appliance, attachments);
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
}
