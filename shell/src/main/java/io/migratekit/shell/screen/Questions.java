package io.migratekit.shell.screen;

import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;

/** Asks the person at the terminal. What is answered goes into no history. */
public final class Questions {
    /** Nothing is shown for a character, not even how many there are. */
    private static final Character NO_ECHO = '\0';

    private final LineReader reader;

    private Questions(Terminal terminal) {
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
        return screen.canMoveCursor() ? Optional.of(new Questions(screen.jline())) : Optional.empty();
    }

    /**
     * Asks for a line.
     *
     * @throws InterruptedException if the person leaves with Ctrl-C or Ctrl-D
     */
    public String ask(String question) throws InterruptedException {
        try {
            return reader.readLine(question).strip();
        } catch (UserInterruptException | EndOfFileException e) {
            throw left(e);
        }
    }

    /**
     * Asks for a secret, which is not shown while it is typed.
     *
     * @throws InterruptedException if the person leaves with Ctrl-C or Ctrl-D
     */
    public String askHidden(String question) throws InterruptedException {
        try {
            return reader.readLine(question, NO_ECHO);
        } catch (UserInterruptException | EndOfFileException e) {
            throw left(e);
        }
    }

    private static InterruptedException left(RuntimeException e) {
        InterruptedException left = new InterruptedException("nothing was entered; nothing was changed");
        left.initCause(e);
        return left;
    }
}
