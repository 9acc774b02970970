package io.migratekit.volume.cloudstack;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
    private static final int PAGE_ROWS_MAX = 500;
    private static final JsonMapper JSON = JsonMapper.shared();

    final Map<String, Row> volumes = new LinkedHashMap<>();
    final Map<String, Row> snapshots = new LinkedHashMap<>();
    final Map<String, Row> machines = new LinkedHashMap<>();
    final CloudDevices devices;
    String storageLeft = "Unlimited";
    boolean guestsEndByThemselves = true;
    Runnable afterPage = () -> {};
    private final Map<String, Function<CloudForm, Outcome>> commands = new HashMap<>();

    /** A thing with the fields that a listing shows, and its tags. */
    static final class Row {
        final Map<String, Object> fields = new LinkedHashMap<>();
        final Map<String, String> tags = new LinkedHashMap<>();

        Row(String id, String name) {
            set("id", id).set("name", name);
        }

        Row set(String field, @Nullable Object value) {
            if (value == null) {
                fields.remove(field);
            } else {
                fields.put(field, value);
            }
            return this;
        }

        String text(String field) {
            return String.valueOf(fields.getOrDefault(field, ""));
        }

        boolean has(String field) {
            return fields.containsKey(field);
        }

        long number(String field) {
            return ((Number) fields.getOrDefault(field, 0)).longValue();
        }
    }

    /** What a command does at once, and the work of its job. */
    record Outcome(ObjectNode content, Optional<Supplier<ObjectNode>> work) {
        static Outcome done(ObjectNode content) {
            return new Outcome(content, Optional.empty());
        }

        static Outcome job(ObjectNode content, Supplier<ObjectNode> work) {
            return new Outcome(content, Optional.of(work));
        }
    }

    CloudState(CloudDevices devices) {
        this.devices = devices;
        machines.put(OMA, new Row(OMA, "oma").set("displayname", "oma").set("state", "Running"));
        Row nic = new Row("nic", "");
        machine(OMA).set("nic", List.of(nic.set("networkid", NETWORK_A).set("macaddress", "02:00:00:00:00:01")));
        commands.put("createVolume", this::createVolume);
        commands.put("attachVolume", this::attachVolume);
        commands.put("detachVolume", this::detachVolume);
        commands.put("deleteVolume", this::deleteVolume);
        commands.put("resizeVolume", this::resizeVolume);
        commands.put("createTags", this::createTags);
        commands.put("createSnapshot", this::createSnapshot);
        commands.put("revertSnapshot", this::revertSnapshot);
        commands.put("deleteSnapshot", this::deleteSnapshot);
        commands.put("deployVirtualMachine", this::deployVirtualMachine);
        commands.put("startVirtualMachine", this::startVirtualMachine);
        commands.put("stopVirtualMachine", this::stopVirtualMachine);
        commands.put("destroyVirtualMachine", this::destroyVirtualMachine);
        commands.put("listVolumes", form -> list(form, "volume", volumes.values(), "virtualmachineid", "type", "name"));
        commands.put("listSnapshots", form -> list(form, "snapshot", snapshots.values(), "volumeid", "name"));
        commands.put("listVirtualMachines", form -> list(form, "virtualmachine", machines.values(), "name"));
        commands.put("listZones", form -> list(form, "zone", List.of(new Row(ZONE, "zone one"))));
        commands.put("listNetworks", form -> list(form, "network", networks(), "zoneid"));
        commands.put("listServiceOfferings", form -> list(form, "serviceoffering", serviceOfferings()));
        commands.put("listDiskOfferings", form -> list(form, "diskoffering", diskOfferings()));
        commands.put("listTemplates", this::listTemplates);
        commands.put(
                "listAccounts",
                form -> list(
                        form,
                        "account",
                        List.of(new Row("a", "migration").set("primarystorageavailable", storageLeft))));
    }

    Outcome perform(CloudForm form) {
        Function<CloudForm, Outcome> command = commands.get(form.command());
        if (command == null) {
            throw new CloudError(
                    432,
                    "The given command '%s' either does not exist, is not available for user."
                            .formatted(form.command()));
        }
        return command.apply(form);
    }

    Row volume(String id) {
        return known(volumes, id);
    }

    Row machine(String id) {
        return known(machines, id);
    }

    private static Row known(Map<String, Row> rows, String id) {
        Row row = rows.get(id);
        if (row == null) {
            throw CloudError.unknown("id", id);
        }
        return row;
    }

    /** Adds a volume as somebody else would have made it. */
    Row add(String name, long sizeBytes) {
        String id = UUID.randomUUID().toString();
        Row row = new Row(id, name).set("size", sizeBytes).set("state", "Ready").set("type", "DATADISK");
        volumes.put(id, row);
        devices.size(id, sizeBytes);
        return row;
    }

    private Outcome createVolume(CloudForm form) {
        Optional<Row> snapshot = form.optional("snapshotid").map(id -> known(snapshots, id));
        String offering = form.optional("diskofferingid").orElse("");
        if (snapshot.isEmpty() && offering.isEmpty()) {
            throw new CloudError(431, "Either diskOfferingId or snapshotId must be specified");
        }
        long sizeBytes = snapshot.map(row -> row.number("virtualsize"))
                .orElseGet(
                        () -> offering.equals(FIXED_OFFERING) ? 20 * GIB : Long.parseLong(form.required("size")) * GIB);
        Row row = add(form.required("name"), sizeBytes).set("state", "Allocated");
        return Outcome.job(object().put("id", row.text("id")), () -> {
            snapshot.ifPresent(source -> {
                devices.copy(source.text("id"), row.text("id"), sizeBytes);
                row.set("state", "Ready");
            });
            return object().set("volume", json(row));
        });
    }

    private Outcome attachVolume(CloudForm form) {
        Row row = volume(form.required("id"));
        Row vm = machine(form.required("virtualmachineid"));
        boolean root = form.optional("deviceid").equals(Optional.of("0"));
        return Outcome.job(object(), () -> {
            if (row.has("virtualmachineid")) {
                throw new CloudError(431, "Volume %s is already attached to a VM".formatted(row.text("id")));
            }
            if (root && !vm.text("state").equals("Stopped")) {
                throw new CloudError(431, "A root disk can only be attached to a VM that is stopped");
            }
            row.set("deviceid", root ? 0 : freeDevice(vm.text("id")));
            row.set("virtualmachineid", vm.text("id")).set("state", "Ready").set("type", root ? "ROOT" : "DATADISK");
            if (vm.text("id").equals(OMA)) {
                devices.plug(row.text("id"));
            }
            return object().set("volume", json(row));
        });
    }

    private int freeDevice(String vm) {
        List<Long> used = volumes.values().stream()
                .filter(row -> row.text("virtualmachineid").equals(vm))
                .map(row -> row.number("deviceid"))
                .toList();
        return IntStream.iterate(1, n -> n + 1)
                .filter(n -> !used.contains((long) n))
                .findFirst()
                .orElseThrow();
    }

    private Outcome detachVolume(CloudForm form) {
        Row row = volume(form.required("id"));
        return Outcome.job(object(), () -> {
            if (!row.has("virtualmachineid")) {
                throw new CloudError(431, "The specified volume is not attached to a VM.");
            }
            row.set("virtualmachineid", null).set("deviceid", null).set("type", "DATADISK");
            devices.unplug(row.text("id"));
            return object().set("volume", json(row));
        });
    }

    private Outcome deleteVolume(CloudForm form) {
        Row row = volume(form.required("id"));
        if (row.has("virtualmachineid")) {
            throw new CloudError(431, "Please specify a volume that is not attached to any VM.");
        }
        row.set("state", "Expunging"); // and shown as such until the cleanup
        devices.remove(row.text("id"));
        return Outcome.done(object().put("success", true));
    }

    private Outcome resizeVolume(CloudForm form) {
        Row row = volume(form.required("id"));
        long sizeBytes = Long.parseLong(form.required("size")) * GIB;
        return Outcome.job(object(), () -> {
            if (sizeBytes < row.number("size")) {
                throw new CloudError(432, "Going from existing size to a smaller size would shrink the volume");
            }
            row.set("size", sizeBytes);
            devices.size(row.text("id"), sizeBytes);
            return object().set("volume", json(row));
        });
    }

    private Outcome createTags(CloudForm form) {
        Map<String, Row> rows = form.required("resourcetype").equals("Volume") ? volumes : machines;
        Row row = known(rows, form.required("resourceids"));
        List<String> keys = form.indexed("tags", "key");
        List<String> values = form.indexed("tags", "value");
        return Outcome.job(object(), () -> {
            for (int i = 0; i < keys.size(); i++) {
                if (row.tags.containsKey(keys.get(i))) {
                    throw new CloudError(530, "tag %s already on resource".formatted(keys.get(i)));
                }
                row.tags.put(keys.get(i), values.get(i));
            }
            return object().put("success", true);
        });
    }

    private Outcome createSnapshot(CloudForm form) {
        Row row = volume(form.required("volumeid"));
        if (!row.text("state").equals("Ready")) {
            throw new CloudError(
                    431,
                    "VolumeId: %s is not in Ready state but %s. Cannot take snapshot."
                            .formatted(row.text("id"), row.text("state")));
        }
        String id = UUID.randomUUID().toString();
        Row snapshot = new Row(id, form.required("name"))
                .set("volumeid", row.text("id"))
                .set("virtualsize", row.number("size"))
                .set("state", "Creating");
        snapshots.put(id, snapshot);
        return Outcome.job(object().put("id", id), () -> {
            devices.copy(row.text("id"), id, row.number("size"));
            snapshot.set("state", "BackedUp");
            return object().set("snapshot", json(snapshot));
        });
    }

    private Outcome revertSnapshot(CloudForm form) {
        Row snapshot = known(snapshots, form.required("id"));
        Row row = volume(snapshot.text("volumeid"));
        return Outcome.job(object(), () -> {
            if (row.has("virtualmachineid")
                    && !machine(row.text("virtualmachineid")).text("state").equals("Stopped")) {
                throw new CloudError(431, "The VM the specified disk is attached to is not in the shutdown state.");
            }
            devices.copy(snapshot.text("id"), row.text("id"), row.number("size"));
            return object().put("success", true);
        });
    }

    private Outcome deleteSnapshot(CloudForm form) {
        Row snapshot = known(snapshots, form.required("id"));
        return Outcome.job(object(), () -> {
            snapshots.remove(snapshot.text("id"));
            devices.remove(snapshot.text("id"));
            return object().put("success", true);
        });
    }

    private Outcome deployVirtualMachine(CloudForm form) {
        form.required("serviceofferingid");
        form.required("templateid");
        String id = UUID.randomUUID().toString();
        List<String> networks = form.optional("networkids")
                .map(text -> List.of(text.split(",", -1)))
                .orElseGet(() -> form.indexed("iptonetworklist", "networkid"));
        List<Row> nics = new ArrayList<>();
        for (int i = 0; i < networks.size(); i++) {
            nics.add(new Row("nic-" + i, "")
                    .set("networkid", networks.get(i))
                    .set("macaddress", "02:00:00:00:01:0" + i)
                    .set(
                            "ipaddress",
                            form.optional("iptonetworklist[%d].ip".formatted(i)).orElse("10.0.0." + i))
                    .set("isdefault", i == 0));
        }
        Row vm = new Row(id, form.required("name"))
                .set("displayname", form.required("displayname"))
                .set("state", "Stopped")
                .set(
                        "cpunumber",
                        Integer.valueOf(form.optional("details[0].cpuNumber").orElse("1")))
                .set(
                        "memory",
                        Integer.valueOf(form.optional("details[0].memory").orElse("512")))
                .set("nic", nics);
        machines.put(id, vm);
        return Outcome.job(object().put("id", id), () -> {
            add("ROOT-" + id, 8 * GIB)
                    .set("type", "ROOT")
                    .set("virtualmachineid", id)
                    .set("deviceid", 0);
            vm.set("state", form.matches("startvm", "false") ? "Stopped" : "Running");
            return object().set("virtualmachine", json(vm));
        });
    }

    private Outcome startVirtualMachine(CloudForm form) {
        Row vm = machine(form.required("id"));
        return Outcome.job(object(), () -> {
            vm.set("state", "Running");
            return object().set("virtualmachine", json(vm));
        });
    }

    private Outcome stopVirtualMachine(CloudForm form) {
        Row vm = machine(form.required("id"));
        boolean forced = form.optional("forced").equals(Optional.of("true"));
        return Outcome.job(object(), () -> {
            if (!forced && !guestsEndByThemselves) {
                throw new CloudError(530, "Failed to stop the VM");
            }
            vm.set("state", "Stopped");
            return object().set("virtualmachine", json(vm));
        });
    }

    private Outcome destroyVirtualMachine(CloudForm form) {
        Row vm = machine(form.required("id"));
        return Outcome.job(object(), () -> {
            vm.set("state", "Expunging");
            volumes.values().stream()
                    .filter(row -> row.text("virtualmachineid").equals(vm.text("id")))
                    .forEach(row -> row.set("virtualmachineid", null).set("state", "Expunging"));
            return object().set("virtualmachine", json(vm));
        });
    }

    private Outcome listTemplates(CloudForm form) {
        form.required("templatefilter");
        return list(
                form,
                "template",
                List.of(new Row(TEMPLATE, "empty")
                        .set("isready", true)
                        .set("size", 8 * GIB)
                        .set("ostypename", "Other")));
    }

    private static List<Row> networks() {
        return List.of(
                new Row(NETWORK_B, "test").set("zoneid", ZONE).set("type", "L2"),
                new Row(NETWORK_A, "production").set("zoneid", ZONE).set("type", "Shared"));
    }

    private static List<Row> serviceOfferings() {
        return List.of(new Row(SERVICE_OFFERING, "custom").set("iscustomized", true));
    }

    private static List<Row> diskOfferings() {
        return List.of(
                new Row(FIXED_OFFERING, "twenty").set("disksize", 20).set("iscustomized", false),
                new Row(DISK_OFFERING, "custom").set("iscustomized", true));
    }

    private Outcome list(CloudForm form, String element, Collection<Row> all, String... filters) {
        List<Row> rows = all.stream().filter(row -> shown(row, form, filters)).collect(Collectors.toList());
        if (rows.isEmpty() && form.optional("id").isPresent()) {
            throw CloudError.unknown("id", form.required("id"));
        }
        int pageRows = Integer.parseInt(form.optional("pagesize").orElse("500"));
        if (pageRows > PAGE_ROWS_MAX) {
            throw new CloudError(431, "Page size can't exceed max allowed page size value: " + PAGE_ROWS_MAX);
        }
        int first = (Integer.parseInt(form.optional("page").orElse("1")) - 1) * pageRows;
        ObjectNode content = object();
        if (!rows.isEmpty()) {
            content.put("count", rows.size());
            ArrayNode array = content.putArray(element);
            rows.stream().skip(first).limit(pageRows).forEach(row -> array.add(json(row)));
        }
        afterPage.run();
        return Outcome.done(content);
    }

    private static boolean shown(Row row, CloudForm form, String... filters) {
        boolean fits = form.matches("id", row.text("id"));
        for (String filter : filters) {
            fits &= form.matches(filter, row.text(filter));
        }
        String keyword = form.optional("keyword").orElse("");
        fits &= row.text("name").contains(keyword) || row.text("displayname").contains(keyword);
        List<String> keys = form.indexed("tags", "key");
        List<String> values = form.indexed("tags", "value");
        for (int i = 0; i < keys.size(); i++) {
            fits &= values.get(i).equals(row.tags.get(keys.get(i)));
        }
        return fits;
    }

    private static ObjectNode json(Row row) {
        ObjectNode node = object();
        row.fields.forEach((name, value) -> {
            if (value instanceof List<?> rows) {
                ArrayNode array = node.putArray(name);
                rows.forEach(inner -> array.add(json((Row) inner)));
            } else {
                node.set(name, JSON.valueToTree(value));
            }
        });
        ArrayNode tags = node.putArray("tags");
        row.tags.forEach((key, value) -> tags.add(object().put("key", key).put("value", value)));
        return node;
    }

    private static ObjectNode object() {
        return JSON.createObjectNode();
    }
}
