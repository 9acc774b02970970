package io.migratekit.shell.command;

import io.migratekit.shell.home.Home;
import io.migratekit.shell.home.Report;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.StrictParser;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All commands by name; runs one and never throws: every end is an exit code. */
public final class Commands {
    private static final Logger log = LoggerFactory.getLogger(Commands.class);

    private final Map<String, ShellCommand> byName = new TreeMap<>();
    private final StrictParser parser;

    public Commands(List<ShellCommand> commands) {
        commands.forEach(command -> byName.put(command.syntax().name(), command));
        Syntax help = HelpText.SYNTAX;
        byName.put(help.name(), new HelpCommand(this));
        parser = new StrictParser(syntaxes());
    }

    /** Returns how each command is typed, by name. */
    public List<Syntax> syntaxes() {
        return byName.values().stream().map(ShellCommand::syntax).toList();
    }

    /** Returns the parser that knows these commands. */
    public StrictParser parser() {
        return parser;
    }

    /** Runs a command as it was typed. */
    public ExitCode run(Invocation call, Screen console, Interrupt interrupt) {
        Screen screen = call.json() ? console.forJson() : console;
        if (call.has("help")) {
            HelpText.of(call.syntax(), screen);
            return ExitCode.DONE;
        }
        try {
            ShellCommand command = byName.get(call.syntax().name());
            if (command == null) {
                throw new IllegalStateException("no command '%s' in this console"
                        .formatted(call.syntax().name()));
            }
            Result result = command.run(call, screen, interrupt);
            Map<String, @Nullable Object> object = new LinkedHashMap<>(result.object());
            object.putIfAbsent("exitCode", result.code().number());
            screen.object(object);
            report(object);
            return result.code();
        } catch (Exception | StackOverflowError e) {
            return failed(call, e, screen);
        }
    }

    /** Tells a failure and returns its exit code. */
    public ExitCode failed(Throwable thrown, Screen screen) {
        Failure failure = Failure.of(thrown);
        String where = failure.expected()
                ? ""
                : "\nThe log has the details: %s"
                        .formatted(Home.fromEnvironment().log());
        screen.warn(screen.paint(Style.BAD, "error: ") + failure.message() + where);
        Map<String, @Nullable Object> object =
                Result.object("status", "error", "exitCode", failure.code().number(), "error", failure.message());
        screen.object(object);
        report(object);
        return failure.code();
    }

    private static void report(Map<String, @Nullable Object> object) {
        Report report = Report.ofThisProcess();
        if (report.wanted()) {
            report.result(Screen.jsonText(object));
        }
    }

    private ExitCode failed(Invocation call, Throwable thrown, Screen screen) {
        log.error("command '{}' failed", call.syntax().name(), thrown);
        return failed(thrown, screen);
    }
}
