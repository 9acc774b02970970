package io.migratekit.job.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeState;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VolumeIdentityTest {
    private static final VolumeId ID = new VolumeId("2ff6ccaf-404c-8efd-a5bf-806c78a4d401");

    @Test
    void isAnotherOneInEachGeneration() {
        assertThat(VolumeIdentity.of(volume(0))).isEqualTo("volume " + ID);
        assertThat(VolumeIdentity.of(volume(1)))
                .contains(ID.text())
                .isNotEqualTo(VolumeIdentity.of(volume(0)))
                .isNotEqualTo(VolumeIdentity.of(volume(11)));
        assertThat(VolumeIdentity.of(volume(Long.MAX_VALUE))).hasSizeLessThanOrEqualTo(100);
    }

    private static Volume volume(long generation) {
        return new Volume(
                ID,
                "web01-disk",
                Optional.empty(),
                "local",
                512,
                VolumeState.AVAILABLE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                generation);
    }
}
