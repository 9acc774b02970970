package io.migratekit.volume.cloudstack;

import io.migratekit.config.account.ServerTrust;
import io.migratekit.volume.cloudstack.api.ApiKeys;
import io.migratekit.volume.compute.MachineId;
import io.migratekit.volume.compute.ResourceId;
import java.net.URI;
import java.util.Optional;

/**
 * An OSSEA configuration: which cloud, as whom, and where in it.
 *
 * @param name of the configuration, 1 to 100 characters; volumes carry it in the ledger
 * @param endpoint such as {@code https://cloud.example.com/client/api}
 * @param trust how the cloud's certificate is checked
 * @param keys of the account that owns the volumes
 * @param zoneId where volumes and machines are made
 * @param diskOfferingId of volumes; its size must be left open
 * @param omaVmId the VM that this appliance is; empty lets it find out
 */
public record CloudAccount(
        String name,
        URI endpoint,
        ServerTrust trust,
        ApiKeys keys,
        ResourceId zoneId,
        ResourceId diskOfferingId,
        Optional<MachineId> omaVmId) {
    private static final int NAME_CHARACTERS_MAX = 100;

    public CloudAccount {
        if (name.isBlank() || name.length() > NAME_CHARACTERS_MAX) {
            throw new IllegalArgumentException("'%s' is no name of an OSSEA configuration; 1 to %d characters are"
                    .formatted(name, NAME_CHARACTERS_MAX));
        }
    }

    /** An account of a cloud that the system's authorities vouch for. */
    public CloudAccount(
            String name,
            URI endpoint,
            ApiKeys keys,
            ResourceId zoneId,
            ResourceId diskOfferingId,
            Optional<MachineId> omaVmId) {
        this(name, endpoint, ServerTrust.AUTHORITIES, keys, zoneId, diskOfferingId, omaVmId);
    }

    /** Returns the name of its back end, as volumes carry it in the ledger. */
    public String backendName() {
        return backendName(name);
    }

    /** Returns the name of the back end of a configuration. */
    static String backendName(String configuration) {
        return "ossea:" + configuration;
    }
}
