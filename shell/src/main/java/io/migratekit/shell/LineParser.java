package io.migratekit.shell;

import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.StrictParser;
import io.migratekit.shell.line.Words;
import java.util.List;
import org.springframework.shell.core.command.CommandArgument;
import org.springframework.shell.core.command.CommandParser;
import org.springframework.shell.core.command.ParsedInput;

/**
 * Gives Spring Shell the strict parser. Its own one ignores unknown options, and its runner joins arguments with blanks
 * and splits them again.
 */
final class LineParser implements CommandParser {
    private final StrictParser parser;

    LineParser(StrictParser parser) {
        this.parser = parser;
    }

    @Override
    public ParsedInput parse(String line) {
        Invocation call = parser.parse(Words.of(line));
        List<String> name = List.of(call.syntax().name().split(" ", -1));
        ParsedInput.Builder input = ParsedInput.builder().commandName(name.get(0));
        name.subList(1, name.size()).forEach(input::addSubCommand);
        // The line itself travels on: Spring Shell's own options know no flags and no repetition.
        return input.addArgument(new CommandArgument(0, line)).build();
    }

    /** Returns what {@link #parse} read. */
    Invocation invocation(ParsedInput input) {
        return parser.parse(Words.of(input.arguments().get(0).value()));
    }
}
