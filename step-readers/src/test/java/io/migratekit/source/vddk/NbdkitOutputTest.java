package io.migratekit.source.vddk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class NbdkitOutputTest {
    private final NbdkitOutput output = new NbdkitOutput(new SecretMask(Password.of("geheim123")), () -> {});

    @Test
    void keepsErrorsThoughALotOfDebuggingFollows() {
        read("nbdkit: error: boo\n" + "nbdkit: debug: noise\n".repeat(10_000));

        assertThat(output.since(0)).contains("nbdkit: error: boo").hasSize(201);
        assertThat(output.lastWords()).contains("nbdkit: error: boo");
    }

    @Test
    void cutsEndlessLinesAndHidesASecretAtTheCut() {
        read("x".repeat(1_995) + "geheim123" + "y".repeat(1 << 20) + "\nend\n");

        assertThat(output.since(0))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(2_010).doesNotContain("gehei"));
    }

    @Test
    void tellsWhatWasPrintedSinceAMark() {
        read("one\n");
        long mark = output.mark();
        read("two geheim123\n");

        assertThat(output.since(mark)).containsExactly("two ***");
    }

    @Test
    void countsConnections() {
        read("nbdkit: debug: accepted connection\nnbdkit: debug: accepted connection\n");

        assertThat(output.accepted()).isEqualTo(2);
    }

    private void read(String text) {
        output.readAll(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
