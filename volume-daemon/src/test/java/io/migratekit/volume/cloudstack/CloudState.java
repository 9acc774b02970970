package io.migratekit.volume.cloudstack;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@link CloudServer} keeps, and what its commands do with it. By one request at a time. */
final class CloudState {
    static final String ZONE = "11111111-0000-4000-8000-000000000001";
    static final String DISK_OFFERING = "22222222-0000-4000-8000-000000000001";
    static final String FIXED_OFFERING = "22222222-0000-4000-8000-000000000002";
    static final String SERVICE_OFFERING = "33333333-0000-4000-8000-000000000001";
    static final String TEMPLATE = "44444444-0000-4000-8000-000000000001";
    static final String NETWORK_A = "55555555-0000-4000-8000-00000000000a";
    static final String NETWORK_B = "55555555-0000-4000-8000-00000000000b";
    static final String OMA = "66666666-0000-4000-8000-000000000001";
    private static final long GIB = 1L << 30;
    private static final JsonMapper JSON = JsonMapper.shared();

    final Map<String, CloudRow> volumes = new LinkedHashMap<>();
    final Map<String, CloudRow> snapshots = new LinkedHashMap<>();
    final Map<String, CloudRow> machines = new LinkedHashMap<>();
    final List<CloudRow> zones = new ArrayList<>(List.of(new CloudRow(ZONE, "zone one")));
    final List<CloudRow> networks = new ArrayList<>(List.of(
            new CloudRow(NETWORK_B, "test").set("zoneid", ZONE).set("type", "L2"),
            new CloudRow(NETWORK_A, "production").set("zoneid", ZONE).set("type", "Shared")));
    final List<CloudRow> serviceOfferings =
            new ArrayList<>(List.of(new CloudRow(SERVICE_OFFERING, "custom").set("iscustomized", true)));
    final List<CloudRow> diskOfferings = new ArrayList<>(List.of(
            new CloudRow(FIXED_OFFERING, "twenty").set("disksize", 20).set("iscustomized", false),
            new CloudRow(DISK_OFFERING, "custom").set("iscustomized", true)));
    final List<CloudRow> templates = new ArrayList<>(List.of(new CloudRow(TEMPLATE, "empty")
            .set("isready", true)
            .set("size", 8 * GIB)
            .set("ostypename", "Other")));
    final CloudDevices devices;
    String storageLeft = "Unlimited";
    boolean guestsEndByThemselves = true;
    Runnable afterPage = () -> {};
    Consumer<CloudRow> afterAttach = row -> {};
    private final Map<String, Function<CloudForm, CloudOutcome>> commands = new HashMap<>();

    CloudState(CloudDevices devices) {
        this.devices = devices;
        machines.put(OMA, new CloudRow(OMA, "oma").set("displayname", "oma").set("state", "Running"));
        CloudRow nic = new CloudRow("nic", "");
        machine(OMA).set("nic", List.of(nic.set("networkid", NETWORK_A).set("macaddress", "02:00:00:00:00:01")));
        CloudVms vms = new CloudVms(this);
        CloudSnapshotCommands snapshotCommands = new CloudSnapshotCommands(this);
        commands.put("createVolume", this::createVolume);
        commands.put("attachVolume", this::attachVolume);
        commands.put("detachVolume", this::detachVolume);
        commands.put("deleteVolume", this::deleteVolume);
        commands.put("resizeVolume", this::resizeVolume);
        commands.put("createTags", this::createTags);
        commands.put("createSnapshot", snapshotCommands::createSnapshot);
        commands.put("revertSnapshot", snapshotCommands::revertSnapshot);
        commands.put("deleteSnapshot", snapshotCommands::deleteSnapshot);
        commands.put("deployVirtualMachine", vms::deployVirtualMachine);
        commands.put("startVirtualMachine", vms::startVirtualMachine);
        commands.put("stopVirtualMachine", vms::stopVirtualMachine);
        commands.put("destroyVirtualMachine", vms::destroyVirtualMachine);
        commands.put(
                "listVolumes",
                form -> CloudListing.of(form, "volume", volumes.values(), "virtualmachineid", "type", "name"));
        commands.put("listSnapshots", snapshotCommands::listSnapshots);
        commands.put("listVirtualMachines", form -> CloudListing.of(form, "virtualmachine", machines.values(), "name"));
        commands.put("listZones", form -> CloudListing.of(form, "zone", zones));
        commands.put("listNetworks", form -> CloudListing.of(form, "network", networks, "zoneid"));
        commands.put("listServiceOfferings", form -> CloudListing.of(form, "serviceoffering", serviceOfferings));
        commands.put("listDiskOfferings", form -> CloudListing.of(form, "diskoffering", diskOfferings));
        commands.put("listTemplates", this::listTemplates);
        commands.put("listApis", this::listApis);
        commands.put(
                "listAccounts",
                form -> CloudListing.of(
                        form,
                        "account",
                        List.of(new CloudRow("a", "migration").set("primarystorageavailable", storageLeft))));
    }

    CloudOutcome perform(CloudForm form) {
        Function<CloudForm, CloudOutcome> command = commands.get(form.command());
        if (command == null) {
            throw new CloudError(
                    432,
                    "The given command '%s' either does not exist, is not available for user."
                            .formatted(form.command()));
        }
        CloudOutcome outcome = command.apply(form);
        if (form.optional("page").isPresent()) {
            afterPage.run();
        }
        return outcome;
    }

    CloudRow volume(String id) {
        return known(volumes, id);
    }

    CloudRow machine(String id) {
        return known(machines, id);
    }

    CloudRow snapshot(String id) {
        return known(snapshots, id);
    }

    private static CloudRow known(Map<String, CloudRow> rows, String id) {
        CloudRow row = rows.get(id);
        if (row == null) {
            throw CloudError.unknown("id", id);
        }
        return row;
    }

    /** Adds a volume as somebody else would have made it. */
    CloudRow add(String name, long sizeBytes) {
        String id = UUID.randomUUID().toString();
        CloudRow row = new CloudRow(id, name)
                .set("size", sizeBytes)
                .set("state", "Ready")
                .set("type", "DATADISK");
        volumes.put(id, row);
        devices.size(id, sizeBytes);
        return row;
    }

    private CloudOutcome createVolume(CloudForm form) {
        Optional<CloudRow> snapshot = form.optional("snapshotid").map(this::snapshot);
        String offering = form.optional("diskofferingid").orElse("");
        if (snapshot.isEmpty() && offering.isEmpty()) {
            throw new CloudError(431, "Either diskOfferingId or snapshotId must be specified");
        }
        long sizeBytes = snapshot.map(row -> row.number("virtualsize"))
                .orElseGet(
                        () -> offering.equals(FIXED_OFFERING) ? 20 * GIB : Long.parseLong(form.required("size")) * GIB);
        CloudRow row = add(form.required("name"), sizeBytes).set("state", "Allocated");
        return CloudOutcome.job(object().put("id", row.text("id")), () -> {
            snapshot.ifPresent(source -> {
                devices.copy(source.text("id"), row.text("id"), sizeBytes);
                row.set("state", "Ready");
            });
            return object().set("volume", row.json());
        });
    }

    private CloudOutcome attachVolume(CloudForm form) {
        CloudRow row = volume(form.required("id"));
        CloudRow vm = machine(form.required("virtualmachineid"));
        boolean root = form.optional("deviceid").equals(Optional.of("0"));
        return CloudOutcome.job(object(), () -> {
            if (row.has("virtualmachineid")) {
                throw new CloudError(431, "Volume %s is already attached to a VM".formatted(row.text("id")));
            }
            if (root && disks(vm.text("id")).contains(0L)) {
                throw new CloudError(431, "Vm already has root volume attached to it");
            }
            if (root && !vm.text("state").equals("Stopped")) {
                throw new CloudError(431, "A root disk can only be attached to a VM that is stopped");
            }
            row.set("deviceid", root ? 0 : freeDevice(vm.text("id")));
            row.set("virtualmachineid", vm.text("id")).set("state", "Ready").set("type", root ? "ROOT" : "DATADISK");
            if (vm.text("id").equals(OMA)) {
                devices.plug(row.text("id"));
            }
            afterAttach.accept(row);
            return object().set("volume", row.json());
        });
    }

    private int freeDevice(String vm) {
        List<Long> used = disks(vm);
        return IntStream.iterate(1, n -> n + 1)
                .filter(n -> !used.contains((long) n))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the numbers of a machine's disks. */
    private List<Long> disks(String vm) {
        return volumes.values().stream()
                .filter(row -> row.text("virtualmachineid").equals(vm))
                .map(row -> row.number("deviceid"))
                .toList();
    }

    private CloudOutcome detachVolume(CloudForm form) {
        CloudRow row = volume(form.required("id"));
        return CloudOutcome.job(object(), () -> {
            if (!row.has("virtualmachineid")) {
                throw new CloudError(431, "The specified volume is not attached to a VM.");
            }
            row.set("virtualmachineid", null).set("deviceid", null).set("type", "DATADISK");
            devices.unplug(row.text("id"));
            return object().set("volume", row.json());
        });
    }

    private CloudOutcome deleteVolume(CloudForm form) {
        CloudRow row = volume(form.required("id"));
        if (row.has("virtualmachineid")) {
            throw new CloudError(431, "Please specify a volume that is not attached to any VM.");
        }
        row.set("state", "Expunging"); // and shown as such until the cleanup
        devices.remove(row.text("id"));
        return CloudOutcome.done(object().put("success", true));
    }

    private CloudOutcome resizeVolume(CloudForm form) {
        CloudRow row = volume(form.required("id"));
        long sizeBytes = Long.parseLong(form.required("size")) * GIB;
        return CloudOutcome.job(object(), () -> {
            if (sizeBytes < row.number("size")) {
                throw new CloudError(432, "Going from existing size to a smaller size would shrink the volume");
            }
            row.set("size", sizeBytes);
            devices.size(row.text("id"), sizeBytes);
            return object().set("volume", row.json());
        });
    }

    private CloudOutcome createTags(CloudForm form) {
        Map<String, CloudRow> rows = form.required("resourcetype").equals("Volume") ? volumes : machines;
        CloudRow row = known(rows, form.required("resourceids"));
        List<String> keys = form.indexed("tags", "key");
        List<String> values = form.indexed("tags", "value");
        return CloudOutcome.job(object(), () -> {
            for (int i = 0; i < keys.size(); i++) {
                if (row.tags.containsKey(keys.get(i))) {
                    throw new CloudError(530, "tag %s already on resource".formatted(keys.get(i)));
                }
                row.tags.put(keys.get(i), values.get(i));
            }
            return object().put("success", true);
        });
    }

    private CloudOutcome listApis(CloudForm form) {
        form.required("response");
        ObjectNode content = object().put("count", commands.size() + 1);
        ArrayNode apis = content.putArray("api");
        apis.add(object().put("name", "queryAsyncJobResult"));
        commands.keySet().forEach(name -> apis.add(object().put("name", name)));
        return CloudOutcome.done(content);
    }

    /** Takes a right away. */
    void forbid(String command) {
        commands.remove(command);
    }

    private CloudOutcome listTemplates(CloudForm form) {
        form.required("templatefilter");
        return CloudListing.of(form, "template", templates);
    }

    private static ObjectNode object() {
        return JSON.createObjectNode();
    }
}
