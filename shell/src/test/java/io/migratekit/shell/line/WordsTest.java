package io.migratekit.shell.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WordsTest {

    @Test
    void splitsAtBlanksAndKeepsWhatIsQuoted() {
        assertThat(Words.of("  vm add\t'a b'  --x=\"c d\" e\\ f '' "))
                .containsExactly("vm", "add", "a b", "--x=c d", "e f", "");
    }

    @Test
    void joinsQuotedAndPlainPartsOfOneWord() {
        assertThat(Words.of("a'b'\"c\"d")).containsExactly("abcd");
    }

    @Test
    void keepsABackslashInQuotesUnlessItEscapesAQuote() {
        assertThat(Words.of("'a\\b' \"a\\b\" \"a\\\"b\" \"a\\\\b\"")).containsExactly("a\\b", "a\\b", "a\"b", "a\\b");
    }

    @Test
    void refusesAnOpenQuote() {
        assertThatThrownBy(() -> Words.of("vm add 'web"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("character 8 is not closed");
    }

    @Test
    void readsBackWhateverItQuoted() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            StringBuilder word = new StringBuilder();
            random.ints(random.nextInt(8), 0, 9).forEach(i -> word.append(" '\"\\aä$-\t".charAt(i)));
            assertThat(Words.of(Words.quote(word.toString()) + " x")).isEqualTo(List.of(word.toString(), "x"));
        }
    }
}
