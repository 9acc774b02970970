package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProgramTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void takesWordsAsTheyAreAndNotAsAShellWould() throws IOException {
        assertThat(Program.run(List.of("printf", "%s", "$(id) 'a b' *"), LONG).output())
                .isEqualTo("$(id) 'a b' *");
    }

    @Test
    void readsMoreThanAPipeHolds() throws IOException {
        assertThat(Program.run(List.of("seq", "100000"), LONG).output()).hasLineCount(100_000);
    }

    @Test
    void killsWhatDoesNotEnd() {
        assertThatThrownBy(() -> Program.run(List.of("sleep", "98765"), Duration.ofMillis(50)))
                .isInstanceOf(ProgramFailure.class)
                .hasMessageContaining("sleep")
                .hasMessageContaining("was killed");
        assertNoneSleeps();
    }

    @Test
    void killsItWhenInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Program.run(List.of("sleep", "98765"), LONG))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertNoneSleeps();
    }

    @Test
    void namesAProgramThatIsNotThere() {
        assertThatThrownBy(() -> Program.run(List.of("/no/such/program"), LONG))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/no/such/program");
    }

    private static void assertNoneSleeps() {
        assertThat(ProcessHandle.current().children())
                .noneMatch(child -> child.info().commandLine().orElse("").contains("98765"));
    }
}
