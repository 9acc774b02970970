package io.migratekit.volume.cloudstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.backend.Mark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CloudNamesTest {
    private static final Mark MARK = new Mark("7f3a-1");

    @Test
    void endsANameWithItsMark() {
        assertThat(MarkedName.of("db01 disk", MARK)).isEqualTo("db01 disk [mk-7f3a-1]");
        assertThat(MarkedName.has("db01 disk [mk-7f3a-1]", MARK)).isTrue();
        assertThat(MarkedName.has("db01 disk [mk-7f3a-12]", MARK)).isFalse();
        assertThat(MarkedName.has("[mk-7f3a-1] db01", MARK)).isFalse();
    }

    @Test
    void showsPeopleANameWithoutItsMark() {
        assertThat(MarkedName.unmarked(MarkedName.of("db01 [a]", MARK))).isEqualTo("db01 [a]");
        assertThat(MarkedName.unmarked("somebody's [mk-7f3a-1] disk")).isEqualTo("somebody's [mk-7f3a-1] disk");
        assertThat(MarkedName.unmarked(MarkedName.of(" ", MARK))).isEmpty();
    }

    @Test
    void cutsALongNameAndNeverItsMark() {
        Mark longest = new Mark("a".repeat(40));
        String name = MarkedName.of("n".repeat(300), longest);
        assertThat(name).hasSize(255);
        assertThat(MarkedName.has(name, longest)).isTrue();
    }

    @Test
    void replacesWhatCloudStacksTablesCannotHold() {
        assertThat(MarkedName.of("disk \uD83D\uDE80 Größe\t1", MARK)).isEqualTo("disk _ Größe_1 [mk-7f3a-1]");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "512, 1",
        "1073741823, 1",
        "1073741824, 1",
        "1073741825, 2",
        "5368709120, 5",
        "5368709632, 6",
        "68169720922112, 63488"
    })
    void roundsUpToWholeGib(long sizeBytes, long gib) {
        assertThat(WholeGib.of(sizeBytes)).isEqualTo(gib);
        assertThat(WholeGib.bytes(sizeBytes)).isEqualTo(gib << 30);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void refusesSizesThatNoVolumeHas(long sizeBytes) {
        assertThatThrownBy(() -> WholeGib.of(sizeBytes)).isInstanceOf(VolumeException.class);
    }
}
