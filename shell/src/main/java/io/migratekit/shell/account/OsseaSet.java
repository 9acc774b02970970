package io.migratekit.shell.account;

import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.config.account.OsseaPlace;
import io.migratekit.config.account.ServerTrust;
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
import io.migratekit.volume.cloudstack.CloudAccounts;

/** {@code ossea set}: changes all but name, endpoint and keys. */
final class OsseaSet implements ShellCommand {
    private final Services services;

    OsseaSet(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        Syntax.Builder syntax = Syntax.of(
                        AccountCommands.GROUP,
                        "ossea set",
                        "Changes where in a cloud volumes are made, or how its certificate is checked")
                .details("""
                        What is not given stays. What is given is checked against what the cloud offers. The URL cannot change,
                        since the keys are sealed together with it: add the cloud anew under another name.""")
                .argument("name", "of the cloud", Completes.OSSEA_NAMES);
        return PlaceOptions.in(TrustOptions.in(syntax))
                .option(OptionSpec.flag("authorities", "check its certificate by the system's authorities again"))
                .example("ossea set prod --disk-offering Custom")
                .example("ossea set prod --thumbprint AB:CD:…")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        if (call.values().keySet().stream().allMatch(option -> option.equals("json"))) {
            throw new UsageException("ossea set: nothing to change was given\nusage: "
                    + call.syntax().usage());
        }
        interrupt.spareThread();
        OsseaConfigs configs = services.service(OsseaConfigs.class);
        OsseaConfig before = configs.show(call.argument(0));
        ServerTrust trust = TrustOptions.changed(call, before.trust());
        OsseaConfig.checkTrust(before.endpoint(), trust);
        OsseaPlace place = before.place();
        if (PlaceOptions.given(call)) {
            place = new PlaceOptions(
                            call,
                            services.service(CloudAccounts.class)
                                    .catalog(before.endpoint(), trust, configs.keys(before.name())))
                    .changed(before.place());
        }
        OsseaConfig changed = configs.change(before.name(), place, trust);
        screen.say("Cloud '%s' is changed. A volume daemon that runs takes it over when it is started again."
                .formatted(changed.name()));
        return new Result(ExitCode.DONE, AccountViews.object(changed));
    }
}
