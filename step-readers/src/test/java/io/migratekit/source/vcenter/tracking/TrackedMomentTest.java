package io.migratekit.source.vcenter.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.source.ChangeId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class TrackedMomentTest {
    private static final String VSPHERE = "52 3c ec 11 9e 2c 4c 3d-87 4a c3 4e 85 f2 ea 95/4";

    @Test
    void comesBackAsItWasWrittenWithItsLineage() {
        TrackedMoment moment = new TrackedMoment(
                VSPHERE,
                Optional.of(Instant.parse("2026-11-26T23:10:05.123456Z")),
                OptionalLong.of(62L << 40),
                Optional.of("vm-16"),
                HostBuild.parse("8.0.2-22380479"));

        ChangeId written = moment.write();

        assertThat(TrackedMoment.parse(written)).isEqualTo(moment);
        assertThat(written.lineage()).isEqualTo("52 3c ec 11 9e 2c 4c 3d-87 4a c3 4e 85 f2 ea 95");
        assertThat(moment.sequence()).hasValue(4);
    }

    @Test
    void takesABareChangeIdAndTextsThatAreNone() {
        assertThat(TrackedMoment.parse(new ChangeId(VSPHERE)).changeId()).isEqualTo(VSPHERE);
        assertThat(TrackedMoment.parse(new ChangeId("junk;taken=;x")).changeId())
                .isEqualTo("junk;taken=;x");
        assertThat(TrackedMoment.parse(new ChangeId("junk")).sequence()).isEmpty();
        assertThat(TrackedMoment.parse(new ChangeId(VSPHERE + ";taken=never")).changeId())
                .isEqualTo(VSPHERE + ";taken=never");
    }
}
