package io.migratekit.volume.cloudstack;

import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.DaemonHealth.Check;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.cloudstack.api.ApiCommand;
import io.migratekit.volume.cloudstack.api.CloudStackClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Looks whether a configuration is right before anything depends on it. Changes nothing. */
final class Inspection {
    /** All that volumes and machines ask for. A missing one shows late and as error 432 or 530 otherwise. */
    private static final Set<String> CALLS = Set.of(
            "attachVolume",
            "createSnapshot",
            "createTags",
            "createVolume",
            "deleteSnapshot",
            "deleteVolume",
            "deployVirtualMachine",
            "destroyVirtualMachine",
            "detachVolume",
            "listAccounts",
            "listDiskOfferings",
            "listNetworks",
            "listServiceOfferings",
            "listSnapshots",
            "listTemplates",
            "listVirtualMachines",
            "listVolumes",
            "listZones",
            "queryAsyncJobResult",
            "resizeVolume",
            "revertSnapshot",
            "startVirtualMachine",
            "stopVirtualMachine");

    private final CloudStackClient client;
    private final CloudCatalog catalog;
    private final CloudAccount account;
    private final ApplianceVm appliance;
    private final Devices devices;

    Inspection(
            CloudStackClient client,
            CloudCatalog catalog,
            CloudAccount account,
            ApplianceVm appliance,
            Devices devices) {
        this.client = client;
        this.catalog = catalog;
        this.account = account;
        this.appliance = appliance;
        this.devices = devices;
    }

    /** Returns what was seen; where the cloud does not answer or the keys are wrong, the rest is not asked for. */
    DaemonHealth look() {
        List<Check> checks = new ArrayList<>();
        checks.add(check("API", this::api));
        if (checks.get(0).passed()) {
            checks.add(check("calls", this::calls));
            checks.add(check("zone", () -> "'%s'".formatted(catalog.zone(account.zoneId()))));
            checks.add(check(
                    "disk offering",
                    () -> "'%s' leaves the size open"
                            .formatted(catalog.volumesOffering(account.diskOfferingId())
                                    .name())));
            checks.add(check("appliance", () -> "this is VM %s".formatted(appliance.id())));
        }
        checks.add(check("devices", devices::check));
        return DaemonHealth.of(checks);
    }

    private String api() {
        return "CloudStack at %s answers: %d zones"
                .formatted(client.host(), catalog.zones().size());
    }

    private String calls() {
        Set<String> missing = new TreeSet<>(CALLS);
        client.call(ApiCommand.of("listApis"))
                .path("api")
                .forEach(api -> missing.remove(api.path("name").asString("")));
        if (!missing.isEmpty()) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "the account's role lacks %s; allow them there".formatted(String.join(", ", missing)));
        }
        return "the account may use all %d that are needed".formatted(CALLS.size());
    }

    private static Check check(String name, Supplier<String> look) {
        long beganNanos = System.nanoTime();
        String seen;
        boolean passed = true;
        try {
            seen = look.get();
        } catch (VolumeException e) {
            seen = e.getMessage();
            passed = false;
        }
        return new Check(name, passed, seen, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos));
    }
}
