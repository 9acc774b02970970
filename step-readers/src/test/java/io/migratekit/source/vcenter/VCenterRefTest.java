package io.migratekit.source.vcenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.source.SourceRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VCenterRefTest {
    private static final String TEXT =
            "vcenter:7f1e0c3a-0000-4000-8000-0123456789ab/5012d4f0-1111-4222-8333-abcdef012345/2000";

    @Test
    void isReadAndWrittenWhateverTheCaseOfItsUuids() {
        VCenterRef ref = VCenterRef.parse(new SourceRef(TEXT.replace("5012d4f0", "5012D4F0")));

        assertThat(ref.disk()).isEqualTo(2000);
        assertThat(ref.toSourceRef().text()).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"vcenter:", "vcenter:a/b/1", "vcenter:/5012d4f0-1111-4222-8333-abcdef012345/2000"})
    void refusesOtherForms(String text) {
        assertThatThrownBy(() -> VCenterRef.parse(new SourceRef(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(VCenterRef.FORM);
    }
}
