package io.migratekit.shell;

import io.migratekit.shell.command.Commands;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import org.springframework.shell.core.command.Command;
import org.springframework.shell.core.command.CommandContext;
import org.springframework.shell.core.command.ExitStatus;

/** A command as Spring Shell's registry and highlighter know it. Errors are told here; Spring Shell sees success. */
final class RegisteredCommand implements Command {
    private final Syntax syntax;
    private final Commands commands;
    private final LineParser parser;
    private final Screen screen;

    RegisteredCommand(Syntax syntax, Commands commands, LineParser parser, Screen screen) {
        this.syntax = syntax;
        this.commands = commands;
        this.parser = parser;
        this.screen = screen;
    }

    @Override
    public String getName() {
        return syntax.name();
    }

    @Override
    public String getDescription() {
        return syntax.summary();
    }

    @Override
    public String getGroup() {
        return syntax.group();
    }

    @Override
    public ExitStatus execute(CommandContext context) {
        try (Interrupt interrupt = Interrupt.catching()) {
            commands.run(parser.invocation(context.parsedInput()), screen, interrupt);
        }
        Thread.interrupted(); // an interrupt belongs to the command that it ended, not to the next
        return ExitStatus.OK;
    }
}
