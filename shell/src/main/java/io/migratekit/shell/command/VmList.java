package io.migratekit.shell.command;

import io.migratekit.job.ledger.Machine;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Table;
import java.util.List;

/** {@code vm list}. */
final class VmList implements ShellCommand {
    private final Engine engine;

    VmList(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("Virtual machines", "vm list", "Lists the VMs")
                .example("vm list")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        List<Machine> machines = engine.service(MachineCatalog.class).list();
        if (machines.isEmpty()) {
            screen.say("There is no VM yet; 'vm add' names one, 'demo' shows how it goes.");
        } else {
            Table table = new Table("VM", "Disks", "Status", "Last job", "Last restore point by").numbers("Disks");
            machines.forEach(machine -> table.row(
                    machine.name(),
                    Integer.toString(machine.disks().size()),
                    machine.status(),
                    machine.currentJobId().orElse("–"),
                    machine.lastSuccessfulJobId().orElse("–")));
            screen.table(table);
        }
        return Result.done("vms", machines.stream().map(VmViews::object).toList());
    }
}
