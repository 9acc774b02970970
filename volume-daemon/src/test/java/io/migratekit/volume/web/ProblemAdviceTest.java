package io.migratekit.volume.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataIntegrityViolationException;

final class ProblemAdviceTest {
    private final ProblemAdvice advice = new ProblemAdvice("the volume daemon", failure -> Optional.empty());

    @Test
    void tellsADatabaseThatRefusesFromOneThatIsAway() {
        Problem refused = problem(new DataIntegrityViolationException("value too long"));
        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.kind()).isEqualTo("FAILED");
        assertThat(refused.detail()).contains("refuses what was asked (value too long)");
        Problem away = problem(new CannotAcquireLockException("no lock"));
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.kind()).isEqualTo("UNAVAILABLE");
    }

    private Problem problem(Exception failure) {
        return Objects.requireNonNull(advice.answer(failure).getBody());
    }
}
