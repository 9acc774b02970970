package io.migratekit.source.vcenter.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProtectionTest {

    @Test
    void isAskedInNoVersionThatTheVCenterDoesNotKnow() {
        assertThat(Protection.version("6.0")).isEmpty();
        assertThat(Protection.version("5.5")).isEmpty();
        assertThat(Protection.version("null")).isEmpty();
        assertThat(Protection.version("6.5")).contains("6.5");
        assertThat(Protection.version("6.5.1")).contains("6.5");
        assertThat(Protection.version("6.7")).contains("6.7");
        assertThat(Protection.version("6.7.3")).contains("6.7");
        assertThat(Protection.version("8.0.2.0")).contains("6.7");
        assertThat(Protection.version("10.0.0.0")).contains("6.7");
    }
}
