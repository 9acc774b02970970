package io.migratekit.shell.account;

import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;

/** {@code ossea use}. */
final class OsseaUse implements ShellCommand {
    private final Services services;

    OsseaUse(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(AccountCommands.GROUP, "ossea use", "Makes a cloud the active one: new volumes are made there")
                .details("Volumes that exist stay where they are.")
                .argument("name", "of the cloud", Completes.OSSEA_NAMES)
                .example("ossea use prod")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        OsseaConfig config = services.service(OsseaConfigs.class).use(call.argument(0));
        screen.say("New volumes are made in '%s'; a volume daemon that runs takes that over when it is started again."
                .formatted(config.name()));
        return new Result(ExitCode.DONE, AccountViews.object(config));
    }
}
