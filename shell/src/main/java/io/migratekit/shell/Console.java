package io.migratekit.shell;

import io.migratekit.shell.command.Commands;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.screen.Screen;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.shell.core.ShellRunner;

/** The two ways to type a command: as arguments of the process, or as lines at the prompt. Both end in the same parser. */
final class Console {
    private final Commands commands;
    private final Screen screen;
    private final ObjectProvider<ShellRunner> prompt;

    Console(Commands commands, Screen screen, ObjectProvider<ShellRunner> prompt) {
        this.commands = commands;
        this.screen = screen;
        this.prompt = prompt;
    }

    /** Runs one command if there are arguments, else lines until the person leaves. */
    ExitCode run(String... args) {
        List<String> words = standard(List.of(args));
        return words.isEmpty() ? lines() : once(words);
    }

    private ExitCode once(List<String> words) {
        Screen target = words.contains("--json") ? screen.forJson() : screen;
        Invocation call;
        try {
            call = commands.parser().parse(words);
        } catch (UsageException e) {
            return commands.failed(e, target);
        }
        try (Interrupt interrupt = Interrupt.catching()) {
            return commands.run(call, screen, interrupt);
        }
    }

    private ExitCode lines() {
        try {
            prompt.getObject().run(new String[0]);
            return ExitCode.DONE;
        } catch (Exception e) {
            return commands.failed(e, screen);
        }
    }

    /** Everybody tries these before reading any help. */
    private static List<String> standard(List<String> words) {
        if (words.equals(List.of("--help")) || words.equals(List.of("-h"))) {
            return List.of("help");
        }
        return words.equals(List.of("--version")) ? List.of("version") : words;
    }
}
