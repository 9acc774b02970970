package io.migratekit.shell.account;

import io.migratekit.config.account.VmwareCredential;
import io.migratekit.config.account.VmwareCredentials;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Table;
import java.time.Instant;
import java.util.List;

/** {@code vcenter list}. */
final class VcenterList implements ShellCommand {
    private final Services services;

    VcenterList(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(AccountCommands.GROUP, "vcenter list", "Lists the vCenters")
                .example("vcenter list")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        List<VmwareCredential> all = services.service(VmwareCredentials.class).list();
        if (all.isEmpty()) {
            screen.say("There is no vCenter yet; 'vcenter add' adds one.");
        } else {
            Table table = new Table("vCenter", "Default", "Host", "User", "Datacenter", "Certificate", "Last used");
            all.forEach(one -> table.row(
                    one.name(),
                    one.preferred() ? "yes" : "",
                    one.host().text(),
                    one.username(),
                    one.datacenter().orElse("all"),
                    one.trust().toString(),
                    one.lastUsed().map(Instant::toString).orElse("–")));
            screen.table(table);
        }
        return Result.done("vcenters", all.stream().map(AccountViews::object).toList());
    }
}
