package io.migratekit.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.Extent;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every source does. The machine has at least one disk, with data and holes, of at most some tens of MiB. */
public abstract class SourceMachineContract {
    private final SourceMachines machines;

    /** Tests the sources as the application wires them. */
    protected SourceMachineContract() {
        this(SourceProbe.machines());
    }

    /** Tests sources that are wired by the test. */
    protected SourceMachineContract(SourceMachines machines) {
        this.machines = machines;
    }

    /** Returns the machine's disks; called once or more in a test, and always the same. */
    protected abstract Map<DiskKey, SourceRef> disks() throws IOException;

    /** Returns what a disk holds. */
    protected abstract byte[] content(DiskKey disk) throws IOException;

    /** Returns a reference of this kind to a disk that does not exist. */
    protected abstract SourceRef missing() throws IOException;

    @Test
    protected void describesItsDisksInOrder() throws IOException {
        try (SourceMachine machine = open()) {
            assertThat(machine.disks()).extracting(SourceDisk::key).containsExactlyElementsOf(disks().keySet());
            for (SourceDisk disk : machine.disks()) {
                assertThat(disk.capacityBytes()).isEqualTo(content(disk.key()).length);
            }
        }
    }

    @Test
    protected void givesAllContentByAFullPlan() throws IOException {
        try (SourceMachine machine = open()) {
            SourceSnapshot snapshot = machine.takeSnapshot("contract full");
            for (DiskKey disk : disks().keySet()) {
                ChangeMap map = SourceProbe.plan(snapshot, disk, Optional.empty());
                byte[] replica = new byte[(int) map.capacityBytes()];
                Arrays.fill(replica, (byte) 0x55); // what must become zero is not zero before

                SourceProbe.copy(snapshot, disk, map, replica);

                assertThat(replica).isEqualTo(content(disk));
            }
            snapshot.remove();
        }
    }

    @Test
    protected void leavesTheHolesOutOfThePlan() throws IOException {
        try (SourceMachine machine = open()) {
            SourceSnapshot snapshot = machine.takeSnapshot("contract holes");
            DiskKey disk = disks().keySet().iterator().next();

            ChangeMap map = SourceProbe.plan(snapshot, disk, Optional.empty());

            assertThat(map.bytes(Extent.Kind.ZERO, 0, map.capacityBytes())).isPositive();
            snapshot.remove();
        }
    }

    @Test
    protected void findsItsSnapshotAgainFromAnotherSession() throws IOException {
        String reference;
        try (SourceMachine machine = open()) {
            reference = machine.takeSnapshot("contract again").reference();
        }
        assertThat(reference).hasSizeLessThanOrEqualTo(500);
        try (SourceMachine machine = open()) {
            SourceSnapshot found = machine.findSnapshot(reference).orElseThrow();

            assertThat(found.reference()).isEqualTo(reference);
            assertThat(found.name()).isEqualTo("contract again");
            assertThat(found.disks())
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields(
                            "location") // the machine may write on elsewhere
                    .isEqualTo(machine.disks());
            found.remove();
        }
    }

    @Test
    protected void findsNoSnapshotThatIsNotItsOwn() throws IOException {
        try (SourceMachine machine = open()) {
            for (String reference : new String[] {"", "snapshot-7", "../../etc", "lab-snapshot:../x"}) {
                assertThat(machine.findSnapshot(reference)).isEmpty();
            }
        }
    }

    @Test
    protected void removesASnapshotAgainWithoutAnError() throws IOException {
        try (SourceMachine machine = open()) {
            SourceSnapshot snapshot = machine.takeSnapshot("contract remove");

            snapshot.remove();
            snapshot.remove();

            assertThat(machine.snapshots("contract remove")).isEmpty();
        }
    }

    @Test
    protected void servesADiskUntilItIsClosed() throws IOException {
        try (SourceMachine machine = open()) {
            SourceSnapshot snapshot = machine.takeSnapshot("contract serve");
            DiskKey disk = disks().keySet().iterator().next();

            DiskAccess first = snapshot.open(disk);
            DiskAccess second = snapshot.open(disk);
            first.close();
            first.close();
            second.close();

            snapshot.remove();
        }
    }

    @Test
    protected void doesNotKnowWhatChangedSinceAStrangeChangeId() throws IOException {
        try (SourceMachine machine = open()) {
            SourceSnapshot snapshot = machine.takeSnapshot("contract strange");
            DiskKey disk = disks().keySet().iterator().next();

            assertThatThrownBy(() -> snapshot.changes(disk, Optional.of(new ChangeId("52 de ad/7"))))
                    .isInstanceOf(SourceException.ChangesUnknown.class)
                    .hasMessageContaining("is not known");
            snapshot.remove();
        }
    }

    @Test
    protected void hasNoDiskThatWasNotNamed() throws IOException {
        try (SourceMachine machine = open()) {
            SourceSnapshot snapshot = machine.takeSnapshot("contract other");

            assertThatThrownBy(() -> snapshot.open(new DiskKey("4711"))).isInstanceOf(SourceException.NotFound.class);
            snapshot.remove();
        }
    }

    @Test
    protected void tellsThatADiskDoesNotExist() throws IOException {
        SourceRef missing = missing();

        assertThatThrownBy(() -> machines.open("contract", Map.of(new DiskKey("1"), missing)))
                .isInstanceOf(SourceException.class);
    }

    @Test
    protected void refusesOneDiskUnderTwoKeys() throws IOException {
        Map<DiskKey, SourceRef> disks = new LinkedHashMap<>(disks());
        disks.put(new DiskKey("again"), disks.values().iterator().next());

        assertThatThrownBy(() -> machines.open("contract", disks)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Opens the machine anew. */
    protected final SourceMachine open() throws IOException {
        return machines.open("contract", disks());
    }
}
