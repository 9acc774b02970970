package io.migratekit.shell.command;

import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.screen.Screen;
import java.util.List;

/** {@code help}: all commands, a group such as {@code vm}, or one command. */
final class HelpCommand implements ShellCommand {
    private final Commands commands;

    HelpCommand(Commands commands) {
        this.commands = commands;
    }

    @Override
    public Syntax syntax() {
        return HelpText.SYNTAX;
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        String asked = String.join(" ", call.arguments());
        List<Syntax> found = commands.syntaxes().stream()
                .filter(syntax -> asked.isEmpty()
                        || syntax.name().equals(asked)
                        || syntax.name().startsWith(asked + " "))
                .toList();
        if (asked.isEmpty()) {
            HelpText.all(found, screen);
        } else if (found.isEmpty()) {
            commands.parser().parse(call.arguments()); // says which command was probably meant
            throw new UsageException("there is no command '%s'; 'help' lists what there is".formatted(asked));
        } else {
            found.forEach(syntax -> one(syntax, screen));
        }
        return Result.done(
                "commands",
                found.stream()
                        .map(syntax -> Result.object(
                                "name", syntax.name(), "summary", syntax.summary(), "usage", syntax.usage()))
                        .toList());
    }

    private static void one(Syntax syntax, Screen screen) {
        if (!screen.json()) {
            HelpText.of(syntax, screen);
            screen.say("");
        }
    }
}
