package io.migratekit.shell.account;

import io.migratekit.config.account.ServerTrust;
import io.migratekit.config.account.VcenterHost;
import io.migratekit.config.account.VmwareCredential;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.config.account.VmwareCredentials.Login;
import io.migratekit.config.vault.Secret;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Screen;

/** {@code vcenter add}, also as {@code credentials add}. */
final class VcenterAdd implements ShellCommand {
    private final Services services;
    private final String name;

    VcenterAdd(Services services, String name) {
        this.services = services;
        this.name = name;
    }

    @Override
    public Syntax syntax() {
        Syntax.Builder syntax = Syntax.of(
                        AccountCommands.GROUP, name, "Adds a vCenter and the user that VMs are read as")
                .details("""
                        Asks for the password without showing it. It is sealed under the vault's key, which is made with the
                        first secret. The first vCenter is the default one.""")
                .argument("name", "what you call it; it never changes", Completes.NOTHING)
                .argument("host", "vcenter.example.com, or with a port", Completes.NOTHING)
                .option(OptionSpec.value("user", "NAME", "such as migratekit@vsphere.local")
                        .always())
                .option(OptionSpec.value("datacenter", "NAME", "look for VMs in this one alone"));
        return TrustOptions.in(SecretInput.PASSWORD.in(syntax))
                .example(name + " vc1 vcenter.example.com --user migratekit@vsphere.local")
                .example(name + " vc1 vcenter.example.com --user root --password-file pw --ca-file vmca.pem")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        interrupt.spareThread();
        Login login = new Login(
                new VcenterHost(call.argument(1)), call.value("user").orElseThrow(), call.value("datacenter"));
        ServerTrust trust = TrustOptions.read(call).orElse(ServerTrust.AUTHORITIES);
        VmwareCredentials credentials = services.service(VmwareCredentials.class);
        credentials.requireFree(call.argument(0));
        Secret password = SecretInput.password(call, screen, login.username() + " at " + login.host());
        VmwareCredential added = credentials.add(call.argument(0), login, trust, password);
        screen.say("vCenter '%s' at %s, as %s%s."
                .formatted(added.name(), added.host(), added.username(), added.preferred() ? ", the default" : ""));
        screen.say("To try it: vcenter test " + Words.quote(added.name()));
        return new Result(ExitCode.DONE, AccountViews.object(added));
    }
}
