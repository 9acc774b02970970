package io.migratekit.source.vcenter.inventory;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualMachinePowerState;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.inventory.InventoryMachine.Power;
import io.migratekit.source.vcenter.inventory.InventoryMachine.Tools;
import io.migratekit.source.vcenter.property.PropertyQuestion;
import io.migratekit.source.vcenter.property.PropertyRow;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.session.Vim;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Looks around in a vCenter. Every look asks anew. */
public final class Inventory {
    private static final Pattern HARDWARE = Pattern.compile("vmx-0*([0-9]{1,4})");

    /** How many candidates a message lists. */
    private static final int CANDIDATES_MAX = 10;

    private final VCenterSession session;

    public Inventory(VCenterSession session) {
        this.session = session;
    }

    /** Returns all machines that the user may see, ordered by path, in one question for all. */
    public List<InventoryMachine> machines() throws SourceException {
        return session.ask("list its virtual machines", this::machines);
    }

    private List<InventoryMachine> machines(Vim vim) throws IOException {
        ManagedObjectReference root = vim.content().getRootFolder();
        List<PropertyRow> rows = new PropertyQuestion()
                .of("Folder", "name", "parent")
                .of("Datacenter", "name", "parent")
                .of("VirtualApp", "name", "parentFolder", "parentVApp")
                .of("Network", "name")
                .of("DistributedVirtualPortgroup", "name", "key")
                .of("OpaqueNetwork", "name", "summary")
                .of(
                        "VirtualMachine",
                        "name",
                        "parent",
                        "parentVApp",
                        "config.instanceUuid",
                        "config.version",
                        "config.firmware",
                        "config.guestId",
                        "config.guestFullName",
                        "config.annotation",
                        "config.template",
                        "config.changeTrackingEnabled",
                        "config.hardware.numCPU",
                        "config.hardware.memoryMB",
                        "config.hardware.device",
                        "guest.toolsRunningStatus",
                        "guest.toolsVersionStatus2",
                        "runtime.powerState")
                .askAllBelow(vim, root);
        Places places = new Places(root);
        Networks networks = new Networks();
        for (PropertyRow row : rows) {
            switch (row.object().getType()) {
                case "Network", "DistributedVirtualPortgroup", "OpaqueNetwork" -> networks.add(row);
                default -> places.add(row);
            }
        }
        return rows.stream()
                .filter(row -> row.object().getType().equals("VirtualMachine"))
                .filter(row -> row.text("config.instanceUuid").isPresent()) // others are being made, or are orphans
                .map(row -> machine(row, places, networks))
                .sorted(Comparator.comparing(InventoryMachine::path))
                .toList();
    }

    private static InventoryMachine machine(PropertyRow row, Places places, Networks networks) {
        VirtualDevice[] devices =
                row.get("config.hardware.device", VirtualDevice[].class).orElseGet(() -> new VirtualDevice[0]);
        Matcher hardware = HARDWARE.matcher(row.text("config.version").orElse(""));
        return new InventoryMachine(
                row.id(),
                row.text("config.instanceUuid").orElse("").toLowerCase(Locale.ROOT),
                Names.shown(row.text("name").orElse(row.id())),
                places.path(row),
                row.get("config.hardware.numCPU", Integer.class).orElse(0),
                row.get("config.hardware.memoryMB", Integer.class).orElse(0) * (1L << 20),
                row.text("config.firmware").orElse("bios"),
                hardware.matches() ? Integer.parseInt(hardware.group(1)) : 0,
                row.text("config.guestId").orElse(""),
                row.text("config.guestFullName").orElse(""),
                row.text("config.annotation").orElse(""),
                tools(row),
                power(row),
                row.is("config.template"),
                row.is("config.changeTrackingEnabled"),
                new Devices(devices).disks(),
                networks.nics(devices));
    }

    private static Tools tools(PropertyRow row) {
        if (row.text("guest.toolsVersionStatus2").orElse("").equals("guestToolsNotInstalled")) {
            return Tools.NOT_INSTALLED;
        }
        return switch (row.text("guest.toolsRunningStatus").orElse("")) {
            case "guestToolsRunning", "guestToolsExecutingScripts" -> Tools.RUNNING;
            case "guestToolsNotRunning" -> Tools.NOT_RUNNING;
            default -> Tools.UNKNOWN;
        };
    }

    private static Power power(PropertyRow row) {
        return row.get("runtime.powerState", VirtualMachinePowerState.class)
                .map(state -> switch (state) {
                    case poweredOn -> Power.ON;
                    case poweredOff -> Power.OFF;
                    case suspended -> Power.SUSPENDED;
                })
                .orElse(Power.UNKNOWN);
    }

    /**
     * Finds a machine by its whole name, its path or its instance UUID; never by a part of them.
     *
     * @throws SourceException.NotFound if there is none, with those that are alike
     * @throws SeveralMachines if there are several, with their paths
     */
    public InventoryMachine find(String words) throws SourceException {
        return find(machines(), words);
    }

    /** Does the same in a list that is at hand. */
    public InventoryMachine find(List<InventoryMachine> machines, String words) throws SourceException {
        List<Predicate<InventoryMachine>> ways = List.of(
                machine -> machine.instanceUuid().equalsIgnoreCase(words),
                machine -> machine.path().equals(words),
                machine -> machine.name().equals(words));
        for (Predicate<InventoryMachine> way : ways) {
            List<InventoryMachine> found = machines.stream().filter(way).toList();
            if (found.size() == 1) {
                return found.get(0);
            }
            if (found.size() > 1) {
                throw new SeveralMachines(
                        "vCenter %s has %d machines '%s'; name the one that is meant by its path or instance UUID: %s"
                                .formatted(session.where(), found.size(), words, listed(found)),
                        found);
            }
        }
        List<InventoryMachine> alike = alike(machines, words);
        throw new SourceException.NotFound("vCenter %s has no machine '%s'%s"
                .formatted(
                        session.where(),
                        words,
                        alike.isEmpty()
                                ? "; 'vm discover' lists those that there are"
                                : "; alike are: " + listed(alike)));
    }

    private static List<InventoryMachine> alike(List<InventoryMachine> machines, String words) {
        String wanted = words.toLowerCase(Locale.ROOT);
        return machines.stream()
                .filter(machine -> machine.path().toLowerCase(Locale.ROOT).contains(wanted)
                        || machine.name().toLowerCase(Locale.ROOT).contains(wanted)
                        || wanted.contains(machine.name().toLowerCase(Locale.ROOT)))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static String listed(List<InventoryMachine> machines) {
        String list = machines.stream()
                .limit(CANDIDATES_MAX)
                .map(machine -> "'%s' (%s)".formatted(machine.path(), machine.instanceUuid()))
                .collect(Collectors.joining(", "));
        return machines.size() > CANDIDATES_MAX
                ? list + " and %d more".formatted(machines.size() - CANDIDATES_MAX)
                : list;
    }
}
