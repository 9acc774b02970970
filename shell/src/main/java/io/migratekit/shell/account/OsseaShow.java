package io.migratekit.shell.account;

import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.config.account.OsseaPlace;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code ossea show}. */
final class OsseaShow implements ShellCommand {
    private final Services services;

    OsseaShow(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(AccountCommands.GROUP, "ossea show", "Shows a cloud, and which volumes are kept there")
                .argument("name", "of the cloud", Completes.OSSEA_NAMES)
                .example("ossea show prod")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        OsseaConfigs configs = services.service(OsseaConfigs.class);
        OsseaConfig config = configs.show(call.argument(0));
        List<String> volumes = configs.volumes(config.name());
        OsseaPlace place = config.place();
        screen.say("%s%s".formatted(screen.paint(Style.STRONG, config.name()), config.active() ? "  active" : ""));
        line(screen, "endpoint", Optional.of(config.endpoint().toString()));
        line(screen, "certificate", Optional.of(config.trust().toString()));
        line(screen, "keys", Optional.of("sealed; never shown"));
        line(screen, "zone", Optional.of(place.zone()));
        line(screen, "disk offering", Optional.of(place.diskOffering()));
        line(screen, "service offering", place.serviceOffering());
        line(screen, "network", place.network());
        line(screen, "template", place.template());
        line(screen, "this appliance", place.omaVm().or(() -> Optional.of("finds out itself")));
        line(screen, "volumes", Optional.of(Integer.toString(volumes.size())));
        Map<String, @Nullable Object> object = AccountViews.object(config);
        object.put("volumes", volumes);
        return new Result(ExitCode.DONE, object);
    }

    private static void line(Screen screen, String what, Optional<String> value) {
        screen.say("  %-18s%s".formatted(what, value.orElse("–")));
    }
}
