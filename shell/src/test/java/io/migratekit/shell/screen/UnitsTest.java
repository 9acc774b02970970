package io.migratekit.shell.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class UnitsTest {

    @Test
    void writesBytesWithThreeDigits() {
        assertThat(Units.bytes(0)).isEqualTo("0 B");
        assertThat(Units.bytes(1023)).isEqualTo("1023 B");
        assertThat(Units.bytes(1536)).isEqualTo("1.50 KiB");
        assertThat(Units.bytes(62L << 40)).isEqualTo("62.0 TiB");
        assertThat(Units.bytes(Long.MAX_VALUE)).isEqualTo("8.00 EiB");
    }

    @Test
    void writesTimesFromTenthsOfASecondToDays() {
        assertThat(Units.duration(Duration.ofMillis(840))).isEqualTo("0.8 s");
        assertThat(Units.duration(Duration.ofSeconds(185))).isEqualTo("3 min 05 s");
        assertThat(Units.duration(Duration.ofHours(76))).isEqualTo("3 d 4 h");
    }
}
