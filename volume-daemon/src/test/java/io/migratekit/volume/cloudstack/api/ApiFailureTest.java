package io.migratekit.volume.cloudstack.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApiFailureTest {
    @ParameterizedTest
    @CsvSource({
        "401, REFUSED, keys",
        "429, UNAVAILABLE, too often",
        "430, REFUSED, parameter",
        "431, REFUSED, parameter",
        "432, REFUSED, role",
        "530, FAILED, right",
        "531, REFUSED, right",
        "532, NO_ROOM, limit",
        "533, NO_ROOM, no room",
        "534, UNAVAILABLE, later",
        "535, NO_ROOM, limit",
        "536, BUSY, in use",
        "503, UNAVAILABLE, later",
        "599, REFUSED, 599"
    })
    void saysWhoCanHelpAndWhatNext(int code, Kind kind, String hint) {
        VolumeException e = failure(code, "it says").explained();
        assertThat(e.kind()).isEqualTo(kind);
        assertThat(e.getMessage())
                .startsWith("cloud:8080 refuses createSnapshot with error %d: 'it says'".formatted(code))
                .contains(hint);
    }

    @Test
    void explainsAVolumeThatIsStillAttached() {
        assertThat(failure(431, "Please specify a volume that is not attached to any VM.")
                        .explained())
                .hasMessageContaining("detach it first");
    }

    @Test
    void explainsATemplateThatIsLargerThanTheRootDisk() {
        assertThat(failure(431, "Template size exceeds root disk size").explained())
                .hasMessageContaining("a root disk is not below its template");
    }

    @Test
    void tellsAMissingRightFromWrongKeysThoughBothAre401() {
        assertThat(failure(401, "The given command 'createSnapshot' does not exist or is not available for user")
                        .explained())
                .hasMessageContaining("role lacks createSnapshot")
                .hasMessageNotContaining("clock");
        assertThat(failure(401, "unable to verify user credentials and/or request signature")
                        .explained())
                .hasMessageContaining("clock");
    }

    @Test
    void tellsAnUnknownIdFromOtherWrongParameters() {
        String text = "Invalid parameter id value=x due to incorrect long value format, or entity does not exist";
        assertThat(failure(431, text).noSuchEntity()).isTrue();
        assertThat(failure(431, "Page size can't exceed max").noSuchEntity()).isFalse();
        assertThat(failure(530, text).noSuchEntity()).isFalse();
    }

    @Test
    void namesTheJobThatFailedAndTheCallThatNeedsTheRight() {
        ApiFailure late = new ApiFailure("createSnapshot", Optional.of("j-1"), 530, "no", "cloud:8080");
        assertThat(late.explained())
                .hasMessageStartingWith("job j-1 (createSnapshot) of cloud:8080 failed with error 530: 'no'")
                .hasMessageContaining("lacks the right to createSnapshot");
    }

    @Test
    void cutsEndlessTextsAndControlCharacters() {
        assertThat(failure(530, "a\n\u001b[31m" + "b".repeat(10_000))
                        .explained()
                        .getMessage())
                .hasSizeLessThan(1000)
                .doesNotContain("\n", "\u001b");
    }

    private static ApiFailure failure(int code, String text) {
        return new ApiFailure("createSnapshot", Optional.empty(), code, text, "cloud:8080");
    }
}
