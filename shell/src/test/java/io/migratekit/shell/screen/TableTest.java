package io.migratekit.shell.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TableTest {
    private static Table jobs() {
        return new Table("Job", "VM", "Bytes", "Created")
                .numbers("Bytes")
                .shortening("VM")
                .expendable("Created")
                .row("job-1", "a-very-long-name-of-a-machine", "12 B", "2026-11-01 12:00")
                .row("job-22", "日本語のとても長い名前です", "1.5 MiB", "–");
    }

    @Test
    void isWholeWhereThereIsRoom() {
        assertThat(jobs().render(100).lines())
                .containsExactly(
                        "JOB     VM                               BYTES  CREATED",
                        "job-1   a-very-long-name-of-a-machine     12 B  2026-11-01 12:00",
                        "job-22  日本語のとても長い名前です     1.5 MiB  –");
    }

    @Test
    void shortensTheMiddleOfNamesAndLeavesOutWhatMayBeMissed() {
        assertThat(jobs().render(48).lines())
                .containsExactly(
                        "JOB     VM               BYTES  CREATED",
                        "job-1   a-very…achine     12 B  2026-11-01 12:00",
                        "job-22  日本語…前です  1.5 MiB  –");
        assertThat(jobs().render(30).lines())
                .containsExactly(
                        "JOB     VM               BYTES", "job-1   a-very…achine     12 B", "job-22  日本語…前です  1.5 MiB");
    }

    @Test
    void isNeverWiderThanAScreenThatHoldsItsNarrowestForm() {
        for (int columns = 25; columns < 80; columns++) {
            int width = columns;
            assertThat(jobs().render(columns).lines())
                    .allSatisfy(line -> assertThat(Shortened.columns(line)).isLessThanOrEqualTo(width));
        }
    }
}
