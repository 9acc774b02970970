package io.migratekit.source.vcenter.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HostDoubtTest {

    @Test
    void believesNoEsxi60ThatLosesChanges() {
        assertThat(of("6.0.0-2494585")).get().asString().contains("6.0.0", "KB 2136854");
        assertThat(of("6.0.0-3247720")).isEmpty();
        assertThat(of("6.5.0-2494585")).isEmpty();
        assertThat(of("8.0.2-22380479")).isEmpty();
    }

    @Test
    void doubtsAHostThatTheUserMayNotSeeWhereItMayBeThatOld() {
        assertThat(HostDoubt.of("6.7.0", Optional.empty())).get().asString().contains("6.7.0", "read its hosts");
        assertThat(HostDoubt.of("", Optional.empty())).isPresent();
        assertThat(HostDoubt.of("7.0.0", Optional.empty())).isEmpty();
        assertThat(HostDoubt.of("10.0.1", Optional.empty())).isEmpty();
    }

    private static Optional<String> of(String host) {
        return HostDoubt.of("6.7.0", Optional.of(HostBuild.parse(host).orElseThrow()));
    }
}
