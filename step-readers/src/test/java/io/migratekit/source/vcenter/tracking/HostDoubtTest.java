package io.migratekit.source.vcenter.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class HostDoubtTest {

    @Test
    void believesNoEsxi60ThatLosesChanges() {
        assertThat(HostDoubt.of("6.0.0", "2494585")).get().asString().contains("6.0.0", "KB 2136854");
        assertThat(HostDoubt.of("6.0.0", "3247720")).isEmpty();
        assertThat(HostDoubt.of("6.5.0", "2494585")).isEmpty();
        assertThat(HostDoubt.of("8.0.2", "22380479")).isEmpty();
        assertThat(HostDoubt.of("", "")).isEmpty();
    }
}
