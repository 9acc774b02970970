package io.migratekit.shell.account;

import io.migratekit.config.account.VmwareCredential;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import java.util.List;

/** {@code vcenter remove}, also as {@code credentials remove}: forgets a vCenter. */
final class VcenterRemove implements ShellCommand {
    private final Services services;
    private final String name;

    VcenterRemove(Services services, String name) {
        this.services = services;
        this.name = name;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                        AccountCommands.GROUP,
                        name,
                        "Forgets a vCenter and its password; nothing in the vCenter is touched")
                .details("VMs that are read from it stay known, and can be read again once it was added again.")
                .argument("name", "of the vCenter", Completes.VCENTER_NAMES)
                .option(OptionSpec.flag("dry-run", "say what would be forgotten, and forget nothing"))
                .example(name + " vc1 --dry-run")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        VmwareCredentials credentials = services.service(VmwareCredentials.class);
        VmwareCredential credential = credentials.show(call.argument(0));
        List<String> machines = credentials.machines(credential.name());
        boolean dryRun = call.has("dry-run");
        if (!dryRun) {
            credentials.remove(credential.name());
        }
        screen.say("%s vCenter '%s' at %s and the password of %s."
                .formatted(
                        dryRun ? "Would forget" : "Forgot",
                        credential.name(),
                        credential.host(),
                        credential.username()));
        if (!machines.isEmpty()) {
            screen.say("%d VM(s) can be read by nothing else until it is added again: %s"
                    .formatted(machines.size(), String.join(", ", machines)));
        }
        return Result.done(
                "vcenter", credential.name(), "host", credential.host().text(), "dryRun", dryRun, "vms", machines);
    }
}
