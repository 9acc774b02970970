package io.migratekit.nbd.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

final class FacilityTest {

    @Test
    void whatIsMissingIsSkippedWhereNothingIsRequired() {
        assertThat(Facility.MOUNT.missing("no permission\n", "auto", ""))
                .isInstanceOf(TestAbortedException.class)
                .hasMessage("MOUNT is missing here: no permission");
    }

    @Test
    void whatIsRequiredAndMissingFailsUnlessItIsNamedAsAbsent() {
        assertThat(Facility.LOOP_DEVICE.missing("no such device", "required", "MOUNT"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no such device")
                .hasMessageContaining("-Dpeers.absent=LOOP_DEVICE");
        assertThat(Facility.LOOP_DEVICE.missing("no such device", "required", "MOUNT,LOOP_DEVICE"))
                .isInstanceOf(TestAbortedException.class);
    }
}
