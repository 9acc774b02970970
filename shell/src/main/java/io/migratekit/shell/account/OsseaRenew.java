package io.migratekit.shell.account;

import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.config.account.OsseaKeys;
import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.volume.cloudstack.CloudAccounts;

/** {@code ossea renew}: other keys for the same cloud. */
final class OsseaRenew implements ShellCommand {
    private final Services services;

    OsseaRenew(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        Syntax.Builder syntax = Syntax.of(
                        AccountCommands.GROUP,
                        "ossea renew",
                        "Replaces the keys of a cloud, as after they were renewed there")
                .details("The new keys are tried before they are stored; if the cloud refuses them, the old ones stay.")
                .argument("name", "of the cloud", Completes.OSSEA_NAMES);
        return SecretInput.KEYS
                .in(syntax)
                .example("ossea renew prod")
                .example("ossea renew prod --key-file keys")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        interrupt.spareThread();
        OsseaConfigs configs = services.service(OsseaConfigs.class);
        OsseaConfig config = configs.show(call.argument(0));
        OsseaKeys keys = SecretInput.keys(call, screen);
        services.service(CloudAccounts.class)
                .catalog(config.endpoint(), config.trust(), keys)
                .zones();
        if (interrupt.came()) {
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted before anything was stored");
        }
        OsseaConfig renewed = configs.replaceKeys(config.name(), keys);
        screen.say("Cloud '%s' has new keys. A volume daemon that runs takes them over when it is started again."
                .formatted(renewed.name()));
        return new Result(ExitCode.DONE, AccountViews.object(renewed));
    }
}
