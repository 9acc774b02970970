package io.migratekit.volume.cloudstack;

import io.migratekit.volume.cloudstack.api.ApiKeys;
import io.migratekit.volume.compute.MachineId;
import io.migratekit.volume.compute.ResourceId;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Connects to a {@link CloudServer} with little patience. */
final class Clouds {
    static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);
    static final String INSTALLATION = "here-1";
    private static final MachineIdentity NOBODY = new MachineIdentity(Optional.empty(), Set.of());

    private Clouds() {}

    static CloudStack connect(CloudServer server) {
        return new CloudStack(settings(server), () -> NOBODY, Clock.systemUTC());
    }

    /** Connects as if it were that much later, for what waits for a time to pass. */
    static CloudStack connect(CloudServer server, Duration later) {
        return new CloudStack(settings(server), () -> NOBODY, Clock.offset(Clock.systemUTC(), later));
    }

    static CloudStack connect(CloudStackSettings settings, MachineIdentity identity) {
        return new CloudStack(settings, () -> identity, Clock.systemUTC());
    }

    static CloudStackSettings settings(CloudServer server) {
        return settings(server, server.endpoint(), keys());
    }

    static ApiKeys keys() {
        return new ApiKeys(CloudServer.API_KEY, CloudServer.SECRET_KEY);
    }

    static CloudStackSettings settings(CloudServer server, URI endpoint, ApiKeys keys) {
        return settings(server, endpoint, keys, CloudState.DISK_OFFERING, Optional.of(CloudState.OMA));
    }

    static CloudStackSettings settings(
            CloudServer server, URI endpoint, ApiKeys keys, String diskOffering, Optional<String> omaVm) {
        CloudAccount account = new CloudAccount(
                "main",
                endpoint,
                keys,
                new ResourceId(CloudState.ZONE),
                new ResourceId(diskOffering),
                omaVm.map(MachineId::new));
        return settings(server, account, Duration.ofSeconds(5), REQUEST_TIMEOUT);
    }

    private static CloudStackSettings settings(
            CloudServer server, CloudAccount account, Duration operationTimeout, Duration requestTimeout) {
        CloudDevices devices = server.state.devices;
        return new CloudStackSettings(
                account,
                devices.links,
                devices.blocks,
                Duration.ofMillis(400),
                Duration.ofMillis(2),
                operationTimeout,
                requestTimeout,
                INSTALLATION);
    }

    /** Connects with even less patience. */
    static CloudStack hasty(CloudServer server, Duration operationTimeout, Duration requestTimeout) {
        CloudAccount account = settings(server).account();
        return connect(settings(server, account, operationTimeout, requestTimeout), NOBODY);
    }
}
