package io.migratekit.shell.screen;

import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Supplier;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where one command writes. With {@code --json} text is swallowed and only {@link #object} reaches standard output;
 * messages of errors and warnings always go to standard error.
 */
public final class Screen {
    private static final int COLUMNS_DEFAULT = 100;

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;
    private final boolean colours;
    private final boolean json;
    private final Supplier<Terminal> jline;

    private Screen(
            PrintWriter out,
            PrintWriter err,
            boolean terminal,
            boolean colours,
            boolean json,
            Supplier<Terminal> jline) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.colours = colours;
        this.json = json;
        this.jline = jline;
    }

    /**
     * Returns a screen.
     *
     * @param terminal whether a person sees {@code out} on a terminal
     * @param colours whether the person wants colours there
     * @param jline opens the terminal when progress is drawn on it; never asked unless {@code terminal}
     */
    public static Screen on(
            PrintWriter out, PrintWriter err, boolean terminal, boolean colours, Supplier<Terminal> jline) {
        return new Screen(out, err, terminal, terminal && colours, false, jline);
    }

    /** Returns the same screen for a command that was asked for JSON. */
    public Screen forJson() {
        return new Screen(out, err, false, false, true, jline);
    }

    /** Tells whether the one JSON object is all that may be printed. */
    public boolean json() {
        return json;
    }

    /** Tells whether a person looks at it on a terminal. */
    public boolean isTerminal() {
        return terminal;
    }

    /** Tells whether lines can be drawn over: not where standard input is no terminal, or TERM is unknown. */
    boolean canMoveCursor() {
        return terminal && !jline().getType().startsWith(Terminal.TYPE_DUMB);
    }

    /** Returns the terminal for drawing. */
    Terminal jline() {
        return jline.get();
    }

    /** Prints a line. */
    public void say(String line) {
        if (!json) {
            out.println(line);
            out.flush();
        }
    }

    /** Prints a line in a style. */
    public void say(Style style, String line) {
        say(paint(style, line));
    }

    /** Returns {@code text} in a style, or as it is where there are no colours. */
    public String paint(Style style, String text) {
        return colours && style != Style.PLAIN ? style.paint(text) : text;
    }

    /** Prints a table with a heading row. */
    public void table(Table table) {
        if (!json) {
            String[] headingAndRows =
                    table.render(terminal ? columns() : Integer.MAX_VALUE).split("\n", 2);
            say(Style.STRONG, headingAndRows[0]);
            if (headingAndRows.length > 1) {
                say(headingAndRows[1]);
            }
        }
    }

    /** Prints the JSON object that ends a command's output; does nothing without {@code --json}. */
    public void object(Map<String, ? extends @Nullable Object> object) {
        if (json) {
            out.println(jsonText(object));
            out.flush();
        }
    }

    /** Returns the object in one line. */
    public static String jsonText(Map<String, ? extends @Nullable Object> object) {
        return JsonMapper.builder().build().writeValueAsString(object);
    }

    /** Prints a message to standard error. */
    public void warn(String message) {
        out.flush();
        err.println(message);
        err.flush();
    }

    /** Returns the width to write for. */
    public int columns() {
        int width = terminal ? jline().getWidth() : 0;
        return width > 20 ? width : COLUMNS_DEFAULT;
    }
}
