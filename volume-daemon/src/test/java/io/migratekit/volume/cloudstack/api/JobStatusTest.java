package io.migratekit.volume.cloudstack.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

final class JobStatusTest {
    @ParameterizedTest
    @CsvSource({"0, PENDING", "1, SUCCEEDED", "2, FAILED"})
    void knowsThreeStatuses(int code, JobStatus status) {
        assertThat(read("{\"jobstatus\":%d}".formatted(code))).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "-1", "99", "99999999999", "1.0", "\"1\"", "true", "null", "{}"})
    void takesAnythingElseForNeitherAnEndNorAReasonToWait(String code) {
        assertThatThrownBy(() -> read("{\"jobstatus\":%s}".formatted(code)))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FAILED))
                .hasMessageContaining("job j-1 has the status");
    }

    @Test
    void takesAMissingStatusForNoneOfThem() {
        assertThatThrownBy(() -> read("{}")).isInstanceOf(VolumeException.class);
    }

    private static JobStatus read(String answer) {
        return JobStatus.of("j-1", JsonMapper.shared().readTree(answer));
    }
}
