package io.migratekit.shell.account;

import io.migratekit.config.account.VmwareCredential;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.screen.Screen;

/** {@code vcenter set}. */
final class VcenterSet implements ShellCommand {
    private final Services services;

    VcenterSet(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        Syntax.Builder syntax = Syntax.of(
                        AccountCommands.GROUP, "vcenter set", "Changes how the certificate of a vCenter is checked")
                .details("Host and user cannot change: the password is sealed together with the host. Add it anew.")
                .argument("name", "of the vCenter", Completes.VCENTER_NAMES);
        return TrustOptions.in(syntax)
                .option(OptionSpec.flag("authorities", "check its certificate by the system's authorities again"))
                .example("vcenter set vc1 --ca-file vmca.pem")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        VmwareCredentials credentials = services.service(VmwareCredentials.class);
        VmwareCredential before = credentials.show(call.argument(0));
        if (call.values().keySet().stream().allMatch(option -> option.equals("json"))) {
            throw new UsageException("vcenter set: nothing to change was given\nusage: "
                    + call.syntax().usage());
        }
        VmwareCredential changed = credentials.trust(before.name(), TrustOptions.changed(call, before.trust()));
        screen.say("vCenter '%s': certificate checked by %s.".formatted(changed.name(), changed.trust()));
        return new Result(ExitCode.DONE, AccountViews.object(changed));
    }
}
