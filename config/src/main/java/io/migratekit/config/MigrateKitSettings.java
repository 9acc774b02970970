package io.migratekit.config;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * All settings, under {@code migratekit} in application.yml.
 *
 * @param home folder that holds everything we write: database, logs, history; {@code MIGRATEKIT_HOME}
 * @param copy how bytes are moved
 * @param chunk how much is committed at once
 * @param lease how a machine is kept for one process
 * @param replication how replications behave
 * @param jobs how long jobs are remembered
 * @param volumes how volumes are kept and served
 * @param vcenter how vCenters are asked
 * @param vddk how disks of VMs in a vCenter are read
 * @param vma how the source side answers over HTTP
 * @param vault where the keys that seal passwords are kept
 */
@ConfigurationProperties("migratekit")
public record MigrateKitSettings(
        Path home,
        @DefaultValue Copy copy,
        @DefaultValue Chunk chunk,
        @DefaultValue Lease lease,
        @DefaultValue Replication replication,
        @DefaultValue Jobs jobs,
        @DefaultValue VolumeDaemon volumes,
        @DefaultValue Vcenter vcenter,
        @DefaultValue Vddk vddk,
        @DefaultValue Vma vma,
        @DefaultValue VaultSettings vault) {

    public MigrateKitSettings {
        home = home.toAbsolutePath().normalize();
    }
}
