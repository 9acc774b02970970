package io.migratekit.shell.account;

import io.migratekit.config.account.VmwareCredential;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.config.vault.Secret;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;

/** {@code vcenter password}. */
final class VcenterPassword implements ShellCommand {
    private final Services services;

    VcenterPassword(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        Syntax.Builder syntax = Syntax.of(
                        AccountCommands.GROUP,
                        "vcenter password",
                        "Replaces the password of a vCenter's user, as after it was changed there")
                .argument("name", "of the vCenter", Completes.VCENTER_NAMES);
        return SecretInput.PASSWORD
                .in(syntax)
                .example("vcenter password vc1")
                .example("vcenter password vc1 --password-file pw")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        interrupt.spareThread();
        VmwareCredentials credentials = services.service(VmwareCredentials.class);
        VmwareCredential before = credentials.show(call.argument(0));
        Secret password = SecretInput.password(call, screen, before.username() + " at " + before.host());
        VmwareCredential changed = credentials.replacePassword(before.name(), password);
        screen.say("vCenter '%s' has a new password.".formatted(changed.name()));
        return new Result(ExitCode.DONE, AccountViews.object(changed));
    }
}
