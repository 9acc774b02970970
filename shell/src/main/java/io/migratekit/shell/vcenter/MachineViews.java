package io.migratekit.shell.vcenter;

import io.migratekit.shell.command.Result;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.inventory.InventoryNic;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How VMs of a vCenter look as JSON. The keys are stable. */
final class MachineViews {
    private MachineViews() {}

    /** @param addedAs what we call it, if it was added */
    static Map<String, @Nullable Object> object(InventoryMachine machine, Optional<String> addedAs) {
        return Result.object(
                "name", machine.name(),
                "path", machine.path(),
                "instanceUuid", machine.instanceUuid(),
                "reference", machine.reference(),
                "datacenter", machine.datacenter().orElse(null),
                "power", word(machine.power()),
                "template", machine.template(),
                "cpus", machine.cpus(),
                "memoryBytes", machine.memoryBytes(),
                "firmware", machine.firmware(),
                "hardwareVersion", machine.hardwareVersion(),
                "guestId", machine.guestId(),
                "guestName", machine.guestName(),
                "annotation", machine.annotation(),
                "tools", word(machine.tools()),
                "cbt", machine.tracked(),
                "capacityBytes",
                        machine.disks().stream()
                                .mapToLong(InventoryDisk::capacityBytes)
                                .sum(),
                "disks", machine.disks().stream().map(MachineViews::object).toList(),
                "nics", machine.nics().stream().map(MachineViews::object).toList(),
                "addedAs", addedAs.orElse(null));
    }

    static Map<String, @Nullable Object> object(InventoryDisk disk) {
        return Result.object(
                "key", disk.key(),
                "label", disk.label(),
                "capacityBytes", disk.capacityBytes(),
                "controller", disk.controller(),
                "bus", disk.bus(),
                "unit", disk.unit(),
                "file", disk.backing().file(),
                "datastore", disk.backing().datastore(),
                "backing", disk.backing().type(),
                "mode", disk.backing().mode(),
                "thin", disk.backing().thin().orElse(null),
                "rawDevice", word(disk.backing().rawDevice()),
                "shared", disk.backing().shared(),
                "snapshotFiles", disk.backing().chain() - 1,
                "changeId", disk.backing().changeId().orElse(null));
    }

    private static Map<String, @Nullable Object> object(InventoryNic nic) {
        return Result.object(
                "key", nic.key(),
                "label", nic.label(),
                "mac", nic.mac(),
                "type", nic.type(),
                "network", nic.network().orElse(null),
                "networkKind", word(nic.kind()),
                "connected", nic.connected());
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
