package io.migratekit.shell.line;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a console line into words the way a Unix shell does: blanks separate, {@code '…'} keeps everything, {@code
 * "…"} keeps everything but a backslash before {@code "} or a backslash, a backslash outside quotes keeps the next
 * character. Nothing is expanded.
 */
public final class Words {
    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean started;
    private int at;

    private Words(String line) {
        this.line = line;
    }

    /**
     * Returns the words of {@code line}.
     *
     * @throws UsageException if a quote is not closed
     */
    public static List<String> of(String line) {
        return new Words(line).split();
    }

    /** Returns {@code word} so that {@link #of} reads it back as one word. */
    public static String quote(String word) {
        boolean plain = !word.isEmpty()
                && word.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-_./:=?&%+@,".indexOf(c) >= 0);
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private List<String> split() {
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (Character.isWhitespace(c)) {
                endWord();
            } else if (c == '\'' || c == '"') {
                quoted(c);
            } else {
                started = true;
                word.append(c == '\\' && at < line.length() ? line.charAt(at++) : c);
            }
        }
        endWord();
        return words;
    }

    private void quoted(char quote) {
        started = true;
        int from = at;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == quote) {
                return;
            }
            boolean escape = quote == '"' && c == '\\' && at < line.length() && "\"\\".indexOf(line.charAt(at)) >= 0;
            word.append(escape ? line.charAt(at++) : c);
        }
        throw new UsageException(
                "the quote %s at character %d is not closed; add another %s".formatted(quote, from, quote));
    }

    private void endWord() {
        if (started) {
            words.add(word.toString());
        }
        word.setLength(0);
        started = false;
    }
}
