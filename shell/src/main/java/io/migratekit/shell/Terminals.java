package io.migratekit.shell;

import io.migratekit.shell.home.Home;
import io.migratekit.shell.screen.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jline.reader.Completer;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The person's terminal: whether there is one, and how lines are read from it. */
final class Terminals {
    private Terminals() {}

    /** Opens the terminal of the process, a dumb one if there is none. */
    static Terminal open() {
        try {
            return TerminalBuilder.builder()
                    .name("migratekit")
                    .system(true)
                    .dumb(true)
                    .nativeSignals(true)
                    .encoding(StandardCharsets.UTF_8)
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException("the terminal cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Returns the screen over standard output and standard error; {@code terminal} is opened when first drawn on. */
    static Screen screen(Supplier<Terminal> terminal) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        boolean colours = System.getenv("NO_COLOR") == null;
        return Screen.on(out, err, isTerminal(), colours, terminal);
    }

    /** The launcher tells: it sees standard output alone, while Java's console asks for both ends. */
    private static boolean isTerminal() {
        return Boolean.getBoolean("migratekit.terminal");
    }

    /** Lines with an option that is refused because it would hold a secret, which somebody has typed nevertheless. */
    private static final String NEVER_REMEMBERED =
            "*--password *:*--password=*:*--key *:*--key=*:*--api-key*:*--secret*";

    /** Returns a reader of lines with history and completion. */
    static LineReader lineReader(Terminal terminal, Completer completer, Highlighter highlighter, Home home) {
        LineReader reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("migratekit")
                .completer(completer)
                .highlighter(highlighter)
                .parser(TypedLine.parser())
                .variable(LineReader.HISTORY_FILE, home.history())
                .variable(LineReader.HISTORY_IGNORE, NEVER_REMEMBERED)
                .variable(LineReader.HISTORY_SIZE, 1000)
                .variable(LineReader.HISTORY_FILE_SIZE, 5000)
                .build();
        reader.unsetOpt(LineReader.Option.INSERT_TAB);
        reader.setOpt(LineReader.Option.DISABLE_EVENT_EXPANSION); // '!' in a name is only a '!'
        reader.setOpt(LineReader.Option.HISTORY_IGNORE_SPACE);
        reader.unsetOpt(LineReader.Option.HISTORY_TIMESTAMPED);
        return reader;
    }
}
