package io.migratekit.shell.account;

import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;

/** {@code ossea remove}: forgets a cloud; nothing in it is touched. */
final class OsseaRemove implements ShellCommand {
    private final Services services;

    OsseaRemove(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                        AccountCommands.GROUP, "ossea remove", "Forgets a cloud and its keys; nothing in it is touched")
                .details("Refused while volumes are kept there: without the keys they could not be reached.")
                .argument("name", "of the cloud", Completes.OSSEA_NAMES)
                .option(OptionSpec.flag("dry-run", "say what would be forgotten, and forget nothing"))
                .example("ossea remove lab --dry-run")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        OsseaConfigs configs = services.service(OsseaConfigs.class);
        OsseaConfig config = configs.show(call.argument(0));
        boolean dryRun = call.has("dry-run");
        if (dryRun) {
            configs.requireUnused(config.name());
        } else {
            configs.remove(config.name());
        }
        screen.say("%s cloud '%s' at %s and its keys."
                .formatted(dryRun ? "Would forget" : "Forgot", config.name(), config.endpoint()));
        if (config.active()) {
            screen.say("It is the active one: 'ossea use' makes another active; without one, new volumes are local.");
        }
        return Result.done(
                "ossea", config.name(),
                "endpoint", config.endpoint().toString(),
                "wasActive", config.active(),
                "dryRun", dryRun);
    }
}
