package io.migratekit.shell.vcenter;

import io.migratekit.shell.account.Services;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import java.io.IOException;

/** {@code cbt enable}. */
final class CbtEnable implements ShellCommand {
    private final Services services;

    CbtEnable(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return SourceVm.in(Syntax.of(
                                VcenterCommands.MACHINES,
                                "cbt enable",
                                "Switches the tracking of a VM's changes (CBT) on")
                        .details("""
                                Changes the VM's configuration, then takes a snapshot and removes it, since tracking only begins
                                when the VM is paused for a moment. Does nothing if it is on. The first replication does the
                                same by itself."""))
                .example("cbt enable web01")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws IOException {
        interrupt.spareThread();
        try (SourceVm vm = SourceVm.openToChange(services, call.argument(0), call.value("vcenter"))) {
            boolean changed = vm.tracked().enable();
            screen.say(
                    Style.GOOD,
                    changed
                            ? "Changes of '%s' are tracked from now on.".formatted(vm.name())
                            : "Changes of '%s' are tracked already; nothing was changed.".formatted(vm.name()));
            return Result.done("vm", vm.name(), "instanceUuid", vm.instanceUuid(), "enabled", true, "changed", changed);
        }
    }
}
