package io.migratekit.source.vcenter.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.VirtualMachineSnapshotTree;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.GregorianCalendar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OwnSnapshotTest {
    private static final String ID = "0b7c9f0e-3c1d-4a6e-9b52-7a1d2f3e4c5b";
    private static final Instant ASKED = Instant.parse("2026-11-26T23:10:05.250Z");
    private static final Instant HOST = Instant.parse("2026-11-26T23:04:00Z");

    @Test
    void comesBackFromItsDescriptionWithTheVCentersTime() {
        OwnSnapshot own =
                OwnSnapshot.of(tree(OwnSnapshot.description(ID, ASKED))).orElseThrow();

        assertThat(own).isEqualTo(new OwnSnapshot("snapshot-7", ID, "migratekit-job-1", ASKED));
    }

    @Test
    void takesTheHostsTimeWhereTheDescriptionWasEdited() {
        assertThat(OwnSnapshot.of(tree("migratekit-ossea:" + ID + " x")))
                .map(OwnSnapshot::taken)
                .contains(HOST);
        assertThat(OwnSnapshot.of(tree("migratekit-ossea:" + ID + "@2026-99 x")))
                .map(OwnSnapshot::taken)
                .contains(HOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "before the update", "migratekit-ossea:", "my migratekit-ossea:" + ID + " x"})
    void isNobodyElses(String description) {
        assertThat(OwnSnapshot.of(tree(description))).isEmpty();
    }

    private static VirtualMachineSnapshotTree tree(String description) {
        ManagedObjectReference reference = new ManagedObjectReference();
        reference.setVal("snapshot-7");
        VirtualMachineSnapshotTree tree = new VirtualMachineSnapshotTree();
        tree.setSnapshot(reference);
        tree.setName("migratekit-job-1");
        tree.setDescription(description);
        tree.setCreateTime(GregorianCalendar.from(HOST.atZone(ZoneOffset.UTC)));
        return tree;
    }
}
