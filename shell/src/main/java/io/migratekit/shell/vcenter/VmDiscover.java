package io.migratekit.shell.vcenter;

import io.migratekit.config.account.VmwareCredential;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.shell.account.Services;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Table;
import io.migratekit.shell.screen.Units;
import io.migratekit.source.vcenter.VCenters;
import io.migratekit.source.vcenter.inventory.InventoryMachine;
import io.migratekit.source.vcenter.session.VCenterSession;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code vm discover}. */
final class VmDiscover implements ShellCommand {
    private final Services services;

    VmDiscover(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(VcenterCommands.MACHINES, "vm discover", "Lists the VMs of a vCenter with disks and networks")
                .details("""
                        Asks the vCenter anew each time, and changes nothing. Disks are shown by their keys, which 'vm add
                        --disk-target' takes; --json tells all that is known. An account with a datacenter sees that one.""")
                .option(VcenterCommands.vcenterOption())
                .option(OptionSpec.value("filter", "TEXT", "those with this in their name or path, in any case"))
                .example("vm discover --filter web")
                .example("vm discover --vcenter vc2 --json")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws IOException {
        interrupt.spareThread();
        VmwareCredential account = Choice.vcenter(services, call.value("vcenter"));
        AddedMachines added = new AddedMachines(services.service(MachineCatalog.class));
        try (VCenterSession session = services.service(VCenters.class).named(account.name())) {
            List<InventoryMachine> machines = new Surroundings(account, session).machines(call.value("filter"));
            show(account, session, added, machines, call.value("filter"), screen);
            return Result.done(
                    "vcenter",
                    account.name(),
                    "instanceUuid",
                    session.instanceUuid(),
                    "vms",
                    machines.stream()
                            .map(machine -> MachineViews.object(
                                    machine, added.name(session.instanceUuid(), machine.instanceUuid())))
                            .toList());
        }
    }

    private static void show(
            VmwareCredential account,
            VCenterSession session,
            AddedMachines added,
            List<InventoryMachine> machines,
            Optional<String> filter,
            Screen screen) {
        if (machines.isEmpty()) {
            screen.say("vCenter '%s' has no VM%s that '%s' may see%s."
                    .formatted(
                            account.name(),
                            filter.map(text -> " with '" + text + "' in its name or path")
                                    .orElse(""),
                            account.username(),
                            account.datacenter()
                                    .map(name -> " in datacenter '" + name + "'")
                                    .orElse("")));
            return;
        }
        Table table = new Table("Name", "Path", "Power", "CBT", "Disks", "Networks", "UUID", "Added as")
                .shortening("Name", "Path", "Networks")
                .expendable("Networks", "UUID", "Path");
        machines.forEach(machine -> table.row(
                machine.name(),
                machine.path(),
                machine.template() ? "template" : MachineViews.word(machine.power()),
                machine.tracked() ? "on" : "off",
                disks(machine),
                networks(machine),
                machine.instanceUuid(),
                added.name(session.instanceUuid(), machine.instanceUuid()).orElse("")));
        screen.table(table);
        screen.say("%d VM(s). To replicate one: vm add NAME --from NAME-OR-PATH".formatted(machines.size()));
    }

    private static String disks(InventoryMachine machine) {
        return machine.disks().stream()
                .map(disk -> "%d: %s".formatted(disk.key(), Units.bytes(disk.capacityBytes())))
                .collect(Collectors.joining(", "));
    }

    private static String networks(InventoryMachine machine) {
        return machine.nics().stream()
                .map(nic -> nic.network().orElse("?") + (nic.connected() ? "" : " (not connected)"))
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
