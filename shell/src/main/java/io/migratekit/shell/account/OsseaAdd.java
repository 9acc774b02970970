package io.migratekit.shell.account;

import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.config.account.OsseaEndpoint;
import io.migratekit.config.account.OsseaKeys;
import io.migratekit.config.account.OsseaPlace;
import io.migratekit.config.account.ServerTrust;
import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Screen;
import io.migratekit.volume.cloudstack.CloudAccounts;

/** {@code ossea add}: stores a cloud once it has answered. */
final class OsseaAdd implements ShellCommand {
    private final Services services;

    OsseaAdd(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        Syntax.Builder syntax = Syntax.of(
                        AccountCommands.GROUP, "ossea add", "Adds a cloud, and chooses where in it volumes are made")
                .details("""
                        Asks for the account's API key and secret key without showing them, asks the cloud what it offers, and
                        lets you choose what you did not name. Nothing is stored before the cloud has answered. The keys are
                        sealed under the vault's key, which is made with the first secret. The first cloud is the active one.""")
                .argument("name", "what you call it; it never changes", Completes.NOTHING)
                .argument("url", "of its API, such as https://cloud.example.com/client/api", Completes.NOTHING);
        return PlaceOptions.in(TrustOptions.in(SecretInput.KEYS.in(syntax)))
                .example("ossea add prod https://cloud.example.com/client/api")
                .example(
                        "ossea add prod https://cloud.example.com/client/api --key-file keys --zone eu1 --disk-offering Custom")
                .example("ossea add lab http://10.0.0.5:8080/client/api --insecure --key-env OSSEA_KEYS")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        interrupt.spareThread();
        String name = call.argument(0);
        OsseaEndpoint endpoint = OsseaEndpoint.of(call.argument(1));
        ServerTrust trust = TrustOptions.read(call).orElse(ServerTrust.AUTHORITIES);
        OsseaConfig.checkTrust(endpoint, trust);
        OsseaConfigs configs = services.service(OsseaConfigs.class);
        configs.requireFree(name);
        OsseaKeys keys = SecretInput.keys(call, screen);
        OsseaPlace place = new PlaceOptions(
                        call, services.service(CloudAccounts.class).catalog(endpoint, trust, keys))
                .chosen(screen);
        if (interrupt.came()) {
            throw new CommandFailure(ExitCode.INTERRUPTED, "interrupted before anything was stored");
        }
        OsseaConfig added = configs.add(name, endpoint, place, trust, keys);
        screen.say("Cloud '%s' at %s%s. To see that it has all that volumes need: ossea test %s"
                .formatted(
                        added.name(), added.endpoint(), added.active() ? ", active" : "", Words.quote(added.name())));
        return new Result(ExitCode.DONE, AccountViews.object(added));
    }
}
