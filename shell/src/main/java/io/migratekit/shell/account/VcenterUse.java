package io.migratekit.shell.account;

import io.migratekit.config.account.VmwareCredential;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;

/** {@code vcenter use}. */
final class VcenterUse implements ShellCommand {
    private final Services services;

    VcenterUse(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(AccountCommands.GROUP, "vcenter use", "Makes a vCenter the default, where none is named")
                .argument("name", "of the vCenter", Completes.VCENTER_NAMES)
                .example("vcenter use vc1")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        VmwareCredential chosen = services.service(VmwareCredentials.class).use(call.argument(0));
        screen.say("'%s' is the default vCenter.".formatted(chosen.name()));
        return new Result(ExitCode.DONE, AccountViews.object(chosen));
    }
}
