package io.migratekit.shell.vma;

import static io.migratekit.shell.command.Result.object;

import io.migratekit.shell.vma.SourceSite.Discovery;
import io.migratekit.shell.vma.SourceSite.Found;
import io.migratekit.shell.vma.SourceSite.Tracking;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.inventory.InventoryMachine.Power;
import io.migratekit.source.vcenter.inventory.InventoryMachine.Tools;
import io.migratekit.source.vcenter.inventory.InventoryNic;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How VMs look over HTTP. The keys are stable. */
final class VmViews {
    private static final int MIB = 1 << 20;

    /** How vSphere's names of Linux guests begin, where they do not have the word in them. */
    private static final List<String> LINUX = List.of(
            "debian",
            "ubuntu",
            "rhel",
            "redhat",
            "centos",
            "sles",
            "suse",
            "opensuse",
            "fedora",
            "coreos",
            "asianux",
            "mandrake",
            "mandriva",
            "vmwarephoton",
            "turbolinux",
            "nld9",
            "oes",
            "sjds",
            "genericlinux");

    private VmViews() {}

    static Map<String, @Nullable Object> discovery(Discovery found) {
        return object(
                "vcenter",
                object("name", found.account(), "host", found.host(), "instance_uuid", found.instanceUuid()),
                "total",
                found.machines().size(),
                "vms",
                found.machines().stream().map(VmViews::machine).toList());
    }

    private static Map<String, @Nullable Object> machine(InventoryMachine machine) {
        return object(
                "id", machine.instanceUuid(),
                "name", machine.name(),
                "path", machine.path(),
                "datacenter", machine.datacenter().orElse(null),
                "folder", folder(machine.path()),
                "moref", machine.reference(),
                "power_state", word(machine.power()),
                "cpu_count", machine.cpus(),
                "memory_mb", machine.memoryBytes() / MIB,
                "guest_os", guest(machine.guestId()),
                "guest_id", machine.guestId(),
                "guest_full_name", machine.guestName(),
                "tools_status", word(machine.tools()),
                "firmware", machine.firmware(),
                "vmx_version", machine.hardwareVersion() == 0 ? null : "vmx-%02d".formatted(machine.hardwareVersion()),
                "annotation", machine.annotation(),
                "template", machine.template(),
                "cbt_enabled", machine.tracked(),
                "disks", machine.disks().stream().map(VmViews::disk).toList(),
                "networks", machine.nics().stream().map(VmViews::nic).toList());
    }

    static Map<String, @Nullable Object> tracking(Tracking found) {
        Map<String, @Nullable Object> view = vm(found.vm());
        view.put("enabled", found.status().enabled());
        view.put("possible", found.status().possible());
        view.put("obstacles", found.status().obstacles());
        view.put(
                "disk_obstacles",
                found.status().disks().stream()
                        .map(obstacle -> object("disk_id", id(obstacle.key()), "reason", obstacle.reason()))
                        .toList());
        view.put("disks", found.disks().stream().map(VmViews::disk).toList());
        return view;
    }

    /** Returns what every answer about one VM begins with; more may be added. */
    static Map<String, @Nullable Object> vm(Found vm) {
        return object("vm_name", vm.name(), "vm_id", vm.instanceUuid());
    }

    private static Map<String, @Nullable Object> disk(InventoryDisk disk) {
        return object(
                "id", id(disk.key()),
                "label", disk.label(),
                "capacity_bytes", disk.capacityBytes(),
                "vmdk_path", disk.backing().file(),
                "datastore", disk.backing().datastore(),
                "provisioning_type",
                        disk.backing()
                                .thin()
                                .map(thin -> thin ? "thin" : "thick")
                                .orElse(null),
                "backing", disk.backing().type(),
                "mode", disk.backing().mode(),
                "controller", disk.controller(),
                "bus_number", disk.bus(),
                "unit_number", disk.unit(),
                "change_id", disk.backing().changeId().orElse(null));
    }

    private static Map<String, @Nullable Object> nic(InventoryNic nic) {
        return object(
                "label", nic.label(),
                "network_name", nic.network().orElse(null),
                "network_type", nic.kind().name().toLowerCase(Locale.ROOT),
                "adapter_type", nic.type(),
                "mac_address", nic.mac(),
                "connected", nic.connected());
    }

    /** Returns a disk's name by its device key. */
    static String id(int key) {
        return "disk-" + key;
    }

    static String word(Power power) {
        return switch (power) {
            case ON -> "poweredOn";
            case OFF -> "poweredOff";
            case SUSPENDED -> "suspended";
            case UNKNOWN -> "unknown";
        };
    }

    private static String word(Tools tools) {
        return switch (tools) {
            case RUNNING -> "toolsRunning";
            case NOT_RUNNING -> "toolsNotRunning";
            case NOT_INSTALLED -> "toolsNotInstalled";
            case UNKNOWN -> "unknown";
        };
    }

    /** Returns the part of a path before the VM's own name. */
    private static String folder(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    static String guest(String guestId) {
        String id = guestId.toLowerCase(Locale.ROOT);
        if (id.startsWith("win")) {
            return "windows";
        }
        return id.contains("linux") || LINUX.stream().anyMatch(id::startsWith) ? "linux" : "unknown";
    }
}
