package io.migratekit.shell.account;

import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Table;
import java.util.List;

/** {@code ossea list}. */
final class OsseaList implements ShellCommand {
    private final Services services;

    OsseaList(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                        AccountCommands.GROUP, "ossea list", "Lists the clouds; new volumes are made in the active one")
                .example("ossea list")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        List<OsseaConfig> all = services.service(OsseaConfigs.class).list();
        if (all.isEmpty()) {
            screen.say("There is no cloud yet; 'ossea add' adds one. Until then volumes are local.");
        } else {
            Table table = new Table("Cloud", "Active", "Endpoint", "Zone", "Disk offering", "Certificate");
            all.forEach(config -> table.row(
                    config.name(),
                    config.active() ? "yes" : "",
                    config.endpoint().toString(),
                    config.place().zone(),
                    config.place().diskOffering(),
                    config.trust().toString()));
            screen.table(table);
        }
        return Result.done("osseas", all.stream().map(AccountViews::object).toList());
    }
}
