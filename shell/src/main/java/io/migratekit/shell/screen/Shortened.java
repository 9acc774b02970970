package io.migratekit.shell.screen;

import org.jline.utils.AttributedString;

/** Text by the columns that it takes on a screen: characters of East Asia take two, combining ones none. */
final class Shortened {
    private static final String GAP = "…";

    private Shortened() {}

    static int columns(String text) {
        return new AttributedString(text).columnLength();
    }

    /** Returns {@code text} in at most {@code columns}; what is too long loses its middle, as names differ at both ends. */
    static String middle(String text, int columns) {
        AttributedString all = new AttributedString(text);
        int length = all.columnLength();
        if (length <= columns) {
            return text;
        }
        int kept = Math.max(0, columns - 1);
        int head = (kept + 1) / 2;
        String end = all.columnSubSequence(length - (kept - head), length).toString();
        String start = all.columnSubSequence(0, kept - columns(end)).toString();
        return start + GAP + end;
    }
}
