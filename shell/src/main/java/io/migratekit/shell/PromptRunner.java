package io.migratekit.shell;

import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import org.springframework.shell.core.command.CommandRegistry;
import org.springframework.shell.jline.JLineInputProvider;
import org.springframework.shell.jline.JLineShellRunner;

/** Spring Shell's loop over lines, with errors told as everywhere else. */
final class PromptRunner extends JLineShellRunner {
    /** What Spring Shell 4.0 puts in front of a parser's message. */
    private static final String PREFIX = "Error while parsing command: ";

    private final Screen screen;

    PromptRunner(JLineInputProvider input, LineParser parser, CommandRegistry registry, Screen screen) {
        super(input, parser, registry);
        this.screen = screen;
    }

    @Override
    public void print(String message) {
        super.print(
                message.startsWith(PREFIX)
                        ? screen.paint(Style.BAD, "error: ") + message.substring(PREFIX.length())
                        : message);
    }
}
