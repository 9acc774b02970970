package io.migratekit.shell;

import io.migratekit.shell.line.Words;
import io.migratekit.shell.line.Words.Word;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.Parser;

/**
 * A line on its way to a command, split exactly as the command will be, so that what TAB inserts is read back as what
 * it offered: names with blanks or quotes go in quotes, and in those that were begun.
 */
final class TypedLine implements CompletingParsedLine {
    private final String line;
    private final int cursor;
    private final List<String> words = new ArrayList<>();
    private final int wordIndex;
    /** The word under the cursor; it is empty where the cursor stands between blanks. */
    private final Word word;
    /** The part of the word before the cursor. */
    private final Word before;

    private TypedLine(String line, int cursor) {
        this.line = line;
        this.cursor = cursor;
        List<Word> all = Words.typed(line);
        all.forEach(each -> words.add(each.text()));
        List<Word> left = Words.typed(line.substring(0, cursor));
        boolean inWord = !left.isEmpty() && left.get(left.size() - 1).to() == cursor;
        if (inWord) {
            wordIndex = left.size() - 1;
            before = left.get(wordIndex);
            word = all.get(wordIndex);
        } else {
            wordIndex = left.size();
            boolean atWord = wordIndex < all.size() && all.get(wordIndex).from() == cursor;
            before = new Word("", cursor, cursor);
            word = atWord ? all.get(wordIndex) : before;
            if (!atWord) {
                words.add(wordIndex, "");
            }
        }
    }

    /** Returns how JLine asks for lines; a quote that is open when a line is entered asks for more. */
    static Parser parser() {
        return (line, cursor, context) -> {
            boolean entered =
                    context == Parser.ParseContext.ACCEPT_LINE || context == Parser.ParseContext.SECONDARY_PROMPT;
            if (entered && Words.endsInQuotes(line)) {
                throw new EOFError(-1, cursor, "a quote is not closed", "quote");
            }
            return new TypedLine(line, cursor);
        };
    }

    @Override
    public String word() {
        return word.text();
    }

    @Override
    public int wordCursor() {
        return before.text().length();
    }

    @Override
    public int wordIndex() {
        return wordIndex;
    }

    @Override
    public List<String> words() {
        return words;
    }

    @Override
    public String line() {
        return line;
    }

    @Override
    public int cursor() {
        return cursor;
    }

    /** Returns a candidate as it is inserted; one that is not complete leaves its quote open for what follows. */
    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
        String text = candidate.toString();
        char begun = word.from() < line.length() ? line.charAt(word.from()) : ' ';
        boolean quoted = begun == '"' || begun == '\'';
        if (text.isEmpty() && !quoted) {
            return "";
        }
        String whole = quoted ? Words.quote(text, begun) : Words.quote(text);
        return complete || whole.equals(text) ? whole : whole.substring(0, whole.length() - 1);
    }

    @Override
    public int rawWordCursor() {
        return cursor - word.from();
    }

    @Override
    public int rawWordLength() {
        return word.to() - word.from();
    }
}
