package io.migratekit.source.nbdexport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class QuestionLengthTest {
    private final QuestionLength question = new QuestionLength();

    @Test
    void isAsLongAsTheProtocolAllowsAtFirst() {
        assertThat(question.bytes()).isLessThan(1L << 32).matches(bytes -> bytes % 65536 == 0);
    }

    @Test
    void shrinksWithLongAnswersToALimitAndGrowsBack() {
        for (int answer = 0; answer < 20; answer++) {
            question.answered(QuestionLength.RUNS_MAX + 1);
            assertThat(question.bytes() % 65536).isZero();
        }
        assertThat(question.bytes()).isEqualTo(QuestionLength.BYTES_MIN);

        for (int answer = 0; answer < 20; answer++) {
            question.answered(1);
        }
        assertThat(question.bytes()).isEqualTo(QuestionLength.BYTES_MAX);
    }

    @Test
    void staysWhereAnswersAreOfAGoodLength() {
        question.answered(QuestionLength.RUNS_MAX + 1);
        long bytes = question.bytes();

        question.answered(QuestionLength.RUNS_MAX / 2);

        assertThat(question.bytes()).isEqualTo(bytes);
    }
}
