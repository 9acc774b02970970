package io.migratekit.volume.compute;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which machines can be asked for. */
final class MachineSpecTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "1db", "db_01", "db 01", "db01-"})
    void refusesWhatIsNoHostName(String name) {
        assertThatThrownBy(() -> new MachineSpec(
                        name,
                        new ResourceId("t"),
                        new ResourceId("o"),
                        Optional.empty(),
                        List.of(MachineSpec.Nic.of(new ResourceId("n")))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
