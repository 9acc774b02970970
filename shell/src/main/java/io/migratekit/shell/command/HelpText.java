package io.migratekit.shell.command;

import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Positional;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import java.util.List;

/** Writes the help of a command and the list of all. */
final class HelpText {
    static final Syntax SYNTAX = Syntax.of("Console", "help", "Lists the commands or explains one")
            .arguments("command", "one or two words", true, Completes.COMMANDS)
            .example("help")
            .example("help replicate start")
            .build();

    /** Order of the headings in the list: what a new user needs first. */
    private static final List<String> GROUPS = List.of(
            "Try it",
            "Virtual machines",
            "Replication",
            "Jobs",
            "Volumes",
            "Clouds and vCenters",
            "Exports",
            "Console");

    private HelpText() {}

    /** Prints all commands by group. */
    static void all(List<Syntax> syntaxes, Screen screen) {
        screen.say(
                "Replicates disks of virtual machines, in full and then what changed, and proves that they are equal.");
        screen.say("");
        screen.say("usage: migratekit                     the console (TAB completes, Ctrl-D leaves)");
        screen.say("       migratekit <command> [options] one command, and its exit code");
        for (String group : GROUPS) {
            List<Syntax> members =
                    syntaxes.stream().filter(s -> s.group().equals(group)).toList();
            if (!members.isEmpty()) {
                screen.say("");
                screen.say(Style.STRONG, group);
                members.forEach(syntax -> line(screen, syntax.name(), syntax.summary()));
            }
        }
        screen.say("");
        screen.say("'help <command>' shows options and examples. Every command takes --json.");
        screen.say(
                "Exit codes: 0 done, 1 failed, 2 usage, 3 partly done, 4 no such thing, 5 busy, 6 needs a decision,");
        screen.say("130 interrupted.");
    }

    /** Prints one command's help. */
    static void of(Syntax syntax, Screen screen) {
        screen.say(screen.paint(Style.STRONG, syntax.name()) + "  " + syntax.summary());
        screen.say("");
        screen.say("usage: migratekit " + syntax.usage());
        if (!syntax.details().isEmpty()) {
            screen.say("");
            screen.say(syntax.details().stripTrailing());
        }
        if (!syntax.positionals().isEmpty()) {
            heading(screen, "Arguments");
            for (Positional positional : syntax.positionals()) {
                line(screen, "<" + positional.name() + ">", positional.description());
            }
        }
        heading(screen, "Options");
        for (OptionSpec option : syntax.allOptions()) {
            line(screen, option.usage(), option.description() + (option.repeatable() ? " (may be repeated)" : ""));
        }
        if (!syntax.examples().isEmpty()) {
            heading(screen, "Examples");
            syntax.examples().forEach(example -> screen.say("  migratekit " + example));
        }
        screen.object(Result.object(
                "command", syntax.name(),
                "summary", syntax.summary(),
                "usage", syntax.usage(),
                "options", syntax.allOptions().stream().map(OptionSpec::usage).toList(),
                "examples", syntax.examples()));
    }

    private static void heading(Screen screen, String text) {
        screen.say("");
        screen.say(Style.STRONG, text);
    }

    private static void line(Screen screen, String term, String explanation) {
        if (term.length() > 20) {
            screen.say("  " + term);
            screen.say(" ".repeat(24) + explanation);
        } else {
            screen.say("  %-22s%s".formatted(term, explanation));
        }
    }
}
