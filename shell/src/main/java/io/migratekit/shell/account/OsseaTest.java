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
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.DaemonHealth.Check;
import io.migratekit.volume.cloudstack.CloudAccounts;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code ossea test}. */
final class OsseaTest implements ShellCommand {
    private final Services services;

    OsseaTest(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(AccountCommands.GROUP, "ossea test", "Asks a cloud whether all is there that volumes need")
                .details("Changes nothing. Exit code 1 if something is missing; each finding says what to do.")
                .optionalArgument("name", "of the cloud; else the active one", Completes.OSSEA_NAMES)
                .example("ossea test")
                .example("ossea test prod --json")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        OsseaConfig config = Chosen.ossea(services.service(OsseaConfigs.class), call.optionalArgument(0));
        DaemonHealth health = services.service(CloudAccounts.class).inspect(config);
        String name = Words.quote(config.name());
        health.checks().forEach(check -> show(check, name, screen));
        screen.say("");
        screen.say(
                health.healthy() ? Style.GOOD : Style.BAD,
                health.healthy()
                        ? "Volumes can be made in '%s'.".formatted(config.name())
                        : "Something must be mended first, see above.");
        return new Result(
                health.healthy() ? ExitCode.DONE : ExitCode.FAILED,
                Result.object(
                        "ossea", config.name(),
                        "status", health.healthy() ? "ok" : "error",
                        "findings",
                                health.checks().stream()
                                        .map(check -> object(check, name))
                                        .toList()));
    }

    private static void show(Check check, String name, Screen screen) {
        String mark = check.passed() ? screen.paint(Style.GOOD, "ok   ") : screen.paint(Style.BAD, "ERROR");
        screen.say("%s  %-14s %s".formatted(mark, check.name(), check.detail()));
        String remedy = remedy(check, name);
        if (!remedy.isEmpty()) {
            screen.say(" ".repeat(22) + screen.paint(Style.BUSY, "→ " + remedy));
        }
    }

    /** Returns the command that mends it; the finding itself says what is wrong. */
    private static String remedy(Check check, String name) {
        if (check.passed()) {
            return "";
        }
        return switch (check.name()) {
            case "API" ->
                "ossea renew %s enters the keys again; ossea set %s --ca-file or --thumbprint trusts a certificate; another URL needs 'ossea add'"
                        .formatted(name, name);
            case "zone" -> "ossea set %s --zone ID; 'ossea offers %s' lists them".formatted(name, name);
            case "disk offering" ->
                "ossea set %s --disk-offering ID; 'ossea offers %s' lists them".formatted(name, name);
            case "appliance" -> "ossea set %s --oma-vm ID, with the id of the VM that this machine is".formatted(name);
            case "devices" -> "attached volumes appear there; this must be a VM of that cloud, with udev running";
            default -> "allow it in the role of the account, in the cloud's own console";
        };
    }

    private static Map<String, @Nullable Object> object(Check check, String name) {
        return Result.object(
                "what", check.name(),
                "passed", check.passed(),
                "found", check.detail(),
                "remedy", remedy(check, name),
                "millis", check.millis());
    }
}
