package io.migratekit.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.shell.line.Words;
import java.util.List;
import java.util.Random;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.Parser;
import org.junit.jupiter.api.Test;

final class TypedLineTest {
    private static CompletingParsedLine at(String line, int cursor) {
        return (CompletingParsedLine) TypedLine.parser().parse(line, cursor, Parser.ParseContext.COMPLETE);
    }

    @Test
    void whateverIsCompletedIsReadBackAsWhatWasOffered() {
        Random random = new Random(5);
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder("n");
            random.ints(random.nextInt(8), 0, 10).forEach(i -> text.append(" '\"\\aä日$-.".charAt(i)));
            String name = text.toString();
            String begun = "vm show " + List.of("", "'", "\"", "n", "'n", "\"n").get(random.nextInt(6));
            boolean wholeAtOnce = random.nextBoolean();
            String line = begun;
            if (!wholeAtOnce) { // first what several names have in common, then the rest
                line = completed(line, name.substring(0, 1 + random.nextInt(name.length())), false);
            }
            line = completed(line, name, true);
            assertThat(Words.of(line)).as("%s after %s", line, begun).containsExactly("vm", "show", name);
        }
    }

    /** What JLine does: it replaces the word by what the line makes of the candidate. */
    private static String completed(String line, String candidate, boolean complete) {
        CompletingParsedLine typed = at(line, line.length());
        assertThat(candidate).startsWith(typed.word());
        String kept = line.substring(0, line.length() - typed.rawWordCursor());
        return kept + typed.escape(candidate, complete);
    }

    @Test
    void knowsTheWordUnderTheCursorByWhatIsTypedAndByWhatItMeans() {
        CompletingParsedLine line = at("vm show 'a b' --json", 11);
        assertThat(line.words()).containsExactly("vm", "show", "a b", "--json");
        assertThat(List.of(line.wordIndex(), line.wordCursor(), line.rawWordCursor(), line.rawWordLength()))
                .containsExactly(2, 2, 3, 5);
        CompletingParsedLine between = at("vm  show", 3);
        assertThat(between.words()).containsExactly("vm", "", "show");
        assertThat(between.wordIndex()).isOne();
    }

    @Test
    void asksForMoreWhereAQuoteIsOpenWhenALineIsEntered() {
        assertThatThrownBy(() -> TypedLine.parser().parse("vm show 'a", 10, Parser.ParseContext.ACCEPT_LINE))
                .isInstanceOf(EOFError.class);
    }
}
