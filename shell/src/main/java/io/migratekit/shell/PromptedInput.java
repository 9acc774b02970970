package io.migratekit.shell;

import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.springframework.shell.jline.JLineInputProvider;

/** Reads lines at the prompt: Ctrl-C throws the line away, Ctrl-D leaves. */
final class PromptedInput extends JLineInputProvider {
    private static final String PROMPT = new AttributedStringBuilder()
            .styled(AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN), "migratekit> ")
            .toAnsi();

    PromptedInput(LineReader reader) {
        super(reader);
    }

    @Override
    public String readInput() {
        try {
            return getLineReader().readLine(PROMPT).strip();
        } catch (UserInterruptException e) {
            return ""; // a new line begins, as in any shell
        } catch (EndOfFileException e) {
            return "exit";
        }
    }
}
