package io.migratekit.shell.screen;

import java.util.Optional;
import java.util.function.Supplier;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.utils.Signals;

/** Asks the person at the terminal. What is answered goes into no history. */
public final class Questions {
    /** Nothing is shown for a character, not even how many there are. */
    private static final Character NO_ECHO = '\0';

    private static final String CTRL_C = "INT";

    private final LineReader reader;
    private final Object interruptHandler;

    private Questions(Terminal terminal, Object interruptHandler) {
        this.interruptHandler = interruptHandler;
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("migratekit-questions")
                .variable(LineReader.DISABLE_HISTORY, true)
                .variable(LineReader.DISABLE_COMPLETION, true)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
    }

    /** Returns questions on that screen; empty where nobody can answer, or where {@code --json} wants silence. */
    public static Optional<Questions> on(Screen screen) {
        // JLine lets Ctrl-C end the process once it has opened the terminal or read a line: whoever had it gets it
        // back.
        Object handler = Signals.register(CTRL_C, () -> {});
        try {
            return screen.canMoveCursor() ? Optional.of(new Questions(screen.jline(), handler)) : Optional.empty();
        } finally {
            Signals.unregister(CTRL_C, handler);
        }
    }

    /**
     * Asks for a line.
     *
     * @throws UnansweredException if the person leaves with Ctrl-C or Ctrl-D
     */
    public String ask(String question) {
        return read(() -> reader.readLine(question)).strip();
    }

    /**
     * Asks for a secret, which is not shown while it is typed.
     *
     * @throws UnansweredException if the person leaves with Ctrl-C or Ctrl-D
     */
    public String askHidden(String question) {
        return read(() -> reader.readLine(question, NO_ECHO));
    }

    private String read(Supplier<String> line) {
        try {
            return line.get();
        } catch (UserInterruptException | EndOfFileException e) {
            throw new UnansweredException(e);
        } finally {
            Signals.unregister(CTRL_C, interruptHandler);
        }
    }
}
