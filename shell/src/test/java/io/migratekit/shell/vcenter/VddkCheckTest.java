package io.migratekit.shell.vcenter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class VddkCheckTest {

    @Test
    void handsNothingOfOurEnvironmentToNbdkit() {
        assertThat(VddkCheck.builder(List.of("nbdkit")).environment()).containsOnlyKeys("PATH", "LC_ALL", "HOME");
    }
}
