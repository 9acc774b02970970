package io.migratekit.shell.line;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a console line into words the way a Unix shell does: blanks separate, {@code '…'} keeps everything, {@code
 * "…"} keeps everything but a backslash before {@code "} or a backslash, a backslash outside quotes keeps the next
 * character. Nothing is expanded.
 */
public final class Words {
    private static final int NOWHERE = -1;

    private final String line;
    private final List<Word> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private int started = NOWHERE;
    private int openQuote = NOWHERE;
    private int at;

    /**
     * A word where it was typed.
     *
     * @param text without quotes
     * @param from index of its first character, which may be a quote
     * @param to index after its last character
     */
    public record Word(String text, int from, int to) {}

    private Words(String line) {
        this.line = line;
    }

    /**
     * Returns the words of {@code line}.
     *
     * @throws UsageException if a quote is not closed
     */
    public static List<String> of(String line) {
        Words all = new Words(line);
        List<Word> words = all.split();
        if (all.openQuote != NOWHERE) {
            char quote = line.charAt(all.openQuote);
            throw new UsageException("the quote %s at character %d is not closed; add another %s"
                    .formatted(quote, all.openQuote + 1, quote));
        }
        return words.stream().map(Word::text).toList();
    }

    /** Returns the words of a line that is still being typed: a quote that is open reaches to its end. */
    public static List<Word> typed(String line) {
        return new Words(line).split();
    }

    /** Tells whether a line ends inside quotes. */
    public static boolean endsInQuotes(String line) {
        Words all = new Words(line);
        all.split();
        return all.openQuote != NOWHERE;
    }

    /** Returns {@code word} so that {@link #of} reads it back as one word. */
    public static String quote(String word) {
        boolean plain = !word.isEmpty()
                && word.chars().allMatch(c -> Character.isLetterOrDigit(c) || "-_./:=?&%+@,".indexOf(c) >= 0);
        return plain ? word : quote(word, '\'');
    }

    /** Returns {@code word} in quotes of that kind, {@code '} or {@code "}, whether it needs them or not. */
    public static String quote(String word, char quote) {
        return quote == '"'
                ? '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
                : "'" + word.replace("'", "'\\''") + "'";
    }

    private List<Word> split() {
        while (at < line.length()) {
            char c = line.charAt(at);
            if (Character.isWhitespace(c)) {
                endWord();
                at++;
                continue;
            }
            started = started == NOWHERE ? at : started;
            at++;
            if (c == '\'' || c == '"') {
                quoted(c);
            } else {
                word.append(c == '\\' && at < line.length() ? line.charAt(at++) : c);
            }
        }
        endWord();
        return words;
    }

    private void quoted(char quote) {
        openQuote = at - 1;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == quote) {
                openQuote = NOWHERE;
                return;
            }
            boolean escape = quote == '"' && c == '\\' && at < line.length() && "\"\\".indexOf(line.charAt(at)) >= 0;
            word.append(escape ? line.charAt(at++) : c);
        }
    }

    private void endWord() {
        if (started != NOWHERE) {
            words.add(new Word(word.toString(), started, at));
        }
        word.setLength(0);
        started = NOWHERE;
    }
}
