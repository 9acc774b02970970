package io.migratekit.shell.account;

import io.migratekit.config.vault.SealedState;
import io.migratekit.config.vault.Vault;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import java.util.List;

/** {@code credentials test}: whether the vault's key opens what is sealed. */
final class CredentialsTest implements ShellCommand {
    private final Services services;

    CredentialsTest(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                        AccountCommands.GROUP,
                        "credentials test",
                        "Tries whether every secret opens with the vault's key")
                .details(
                        "Shows none and asks no server. Exit code 1 if one does not open; each finding says what to do.")
                .example("credentials test")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        List<SealedState> all = services.service(Vault.class).inspect();
        all.forEach(one -> screen.say(one.problem()
                .map(problem -> "%s  %s".formatted(screen.paint(Style.BAD, "ERROR"), problem)) // names its owner
                .orElseGet(() -> "%s  %s".formatted(screen.paint(Style.GOOD, "ok   "), one.owner()))));
        long bad = all.stream().filter(one -> one.problem().isPresent()).count();
        screen.say(
                bad == 0 ? Style.GOOD : Style.BAD,
                bad == 0
                        ? "%d secret(s), all open.".formatted(all.size())
                        : "%d of %d secret(s) do not open.".formatted(bad, all.size()));
        return new Result(
                bad == 0 ? ExitCode.DONE : ExitCode.FAILED,
                Result.object(
                        "status",
                        bad == 0 ? "ok" : "error",
                        "secrets",
                        all.stream().map(Secrets::object).toList()));
    }
}
