package io.migratekit.source.vcenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceRef;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabScript;
import io.migratekit.source.vcenter.lab.LabVCenter;
import io.migratekit.source.vcenter.session.LabAccounts;
import io.migratekit.source.vcenter.session.VCenterAccount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsPeer({"go", "nbdkit"})
final class VCenterSourceIT {
    private static final long CAPACITY = (3 << 20) + 512;

    @TempDir
    static Path folder;

    private static LabVCenter lab;
    private static LabSource source;
    private static int number;

    @BeforeAll
    static void start() throws Exception {
        lab = LabFixture.start(Files.createDirectory(folder.resolve("lab")), LabInventory.empty());
        source = new LabSource(lab, FullPlan.WHOLE_DISK);
    }

    @AfterAll
    static void end() throws Exception {
        source.close();
        lab.close();
    }

    @Test
    void saysThatTrackingWasSwitchedOnAndWhichDisksAreNotReplicated() throws Exception {
        LabMachine made =
                lab.control().create(spec().disk(CAPACITY).disk(CAPACITY).running());
        Map<DiskKey, SourceRef> one = Map.of(new DiskKey("a"), LabSource.ref(lab, made, 2001));
        try (SourceMachine machine = source.machines().open("partly", one)) {
            SourceSnapshot snapshot = machine.takeSnapshot("migratekit-job-1");

            assertThat(snapshot.notes())
                    .satisfiesExactly(
                            note -> assertThat(note).contains("switched on"),
                            note -> assertThat(note).contains("disk 2000", "is not replicated"));
            assertThat(snapshot.changeId(new DiskKey("a"))).isPresent();
            snapshot.remove();
        }
    }

    @Test
    void handsOutASnapshotEvenIfNotesOfItCannotBeMade() throws Exception {
        LabMachine made = lab.control().create(spec().disk(CAPACITY).running());
        try (SourceMachine machine = source.machines().open("noted", LabSource.disks(lab, made))) {
            machine.takeSnapshot("migratekit-job-1").remove(); // switches tracking on
            long before = lab.control().calls("RetrievePropertiesEx");
            SourceSnapshot counted = machine.takeSnapshot("migratekit-job-2");
            long questions = lab.control().calls("RetrievePropertiesEx") - before; // the last one is for the notes
            counted.remove();
            lab.control()
                    .script(LabScript.call("RetrievePropertiesEx")
                            .after(Math.toIntExact(questions - 1))
                            .fault("FileFault"));

            SourceSnapshot noted = machine.takeSnapshot("migratekit-job-3");

            assertThat(noted.notes()).singleElement().asString().contains("could not be seen", "FileFault");
            noted.remove();
        }
    }

    @Test
    void copiesInFullWhereTrackingCannotBeSwitchedOnBeneathASnapshot() throws Exception {
        LabMachine made = lab.control().create(spec().disk(CAPACITY).running());
        made.takeSnapshot("somebody's");
        try (SourceMachine machine = source.machines().open("beneath", LabSource.disks(lab, made))) {
            SourceSnapshot snapshot = machine.takeSnapshot("migratekit-job-1");

            assertThat(snapshot.notes()).singleElement().asString().contains("copies everything", "somebody's");
            assertThat(snapshot.changeId(new DiskKey("2000"))).isEmpty();
            snapshot.remove();
        }
    }

    @Test
    void refusesADiskThatNoSnapshotHoldsStillOnlyIfItIsToBeReplicated() throws Exception {
        LabMachine made = lab.control()
                .create(spec().disk(CAPACITY).disk(CAPACITY, "flat", "independent_persistent", "sharingNone"));
        try (SourceMachine machine = source.machines().open("mixed", LabSource.disks(lab, made))) {
            assertThatThrownBy(() -> machine.takeSnapshot("migratekit-job-1"))
                    .isInstanceOf(SourceException.Refused.class)
                    .hasMessageContaining("disk 2001")
                    .hasMessageContaining("independent");
        }
        Map<DiskKey, SourceRef> first = Map.of(new DiskKey("2000"), LabSource.ref(lab, made, 2000));
        try (SourceMachine machine = source.machines().open("mixed", first)) {
            machine.takeSnapshot("migratekit-job-1").remove();
        }
    }

    @Test
    void tellsADiskThatWasRemovedAndOneThatGrew() throws Exception {
        LabMachine made = lab.control().create(spec().disk(CAPACITY).disk(CAPACITY));
        Map<DiskKey, SourceRef> disks = LabSource.disks(lab, made);
        try (SourceMachine machine = source.machines().open("changing", disks)) {
            made.grow(2000, 2 * CAPACITY);
            assertThat(machine.disks().get(0).capacityBytes()).isEqualTo(2 * CAPACITY);
            made.removeDisk(2001);

            assertThatThrownBy(machine::disks)
                    .isInstanceOf(SourceException.NotFound.class)
                    .hasMessageContaining("no disk 2001")
                    .hasMessageContaining("has [2000]");
        }
    }

    @Test
    void tellsTwoVCentersWithEqualNamesApart() throws Exception {
        try (LabVCenter other =
                LabFixture.start(Files.createDirectory(folder.resolve("other" + number++)), LabInventory.empty())) {
            LabMachine here = lab.control().create(LabMachineSpec.named("same").disk(CAPACITY));
            LabMachine there =
                    other.control().create(LabMachineSpec.named("same").disk(2 * CAPACITY));
            Map<DiskKey, SourceRef> wanted = LabSource.disks(other, there);

            assertThatThrownBy(() -> source.machines().open("same", wanted))
                    .as("nothing is read from the only vCenter that is known")
                    .isInstanceOf(SourceException.Untrustworthy.class)
                    .hasMessageContaining(lab.instanceUuid());
            VCenterAccount second = LabAccounts.of(other);
            source.know(second);
            try (SourceMachine one = source.machines().open("same", LabSource.disks(lab, here));
                    SourceMachine two = source.machines().open("same", wanted)) {
                assertThat(one.disks().get(0).capacityBytes()).isEqualTo(CAPACITY);
                assertThat(two.disks().get(0).capacityBytes()).isEqualTo(2 * CAPACITY);
            }
            SourceRef third =
                    new VCenterRef("00000000-0000-4000-8000-000000000000", there.instanceUuid(), 2000).toSourceRef();
            assertThatThrownBy(() -> source.machines().open("third", Map.of(new DiskKey("1"), third)))
                    .isInstanceOf(SourceException.NotFound.class)
                    .hasMessageContaining("vcenter add");
            source.forget(second);
        }
    }

    @Test
    void triesTheNextAccountOfAVCenterWhereOneDoesNotSeeTheMachine() throws Exception {
        LabMachine made = lab.control().create(spec().disk(CAPACITY));
        VCenterAccount first = LabAccounts.of(lab);
        VCenterAccount second =
                new VCenterAccount("tenant", first.host(), first.port(), first.user(), first.secret(), first.trust());
        source.know(second);
        try {
            lab.control().script(LabScript.call("FindByUuid").fault("ManagedObjectNotFound"));
            long logins = lab.control().calls("Login");

            source.machines().open("tenant's", LabSource.disks(lab, made)).close();

            assertThat(lab.control().calls("Login")).isEqualTo(logins + 2);
            source.machines().open("tenant's", LabSource.disks(lab, made)).close();
            assertThat(lab.control().calls("Login"))
                    .as("the one that saw it is asked first")
                    .isEqualTo(logins + 3);
            lab.control().script(LabScript.call("FindByUuid").times(2).fault("ManagedObjectNotFound"));
            assertThatThrownBy(() -> source.machines().open("nobody's", LabSource.disks(lab, made)))
                    .isInstanceOf(SourceException.NotFound.class);
        } finally {
            source.forget(second);
        }
    }

    @Test
    void mixesNoMachines() throws Exception {
        LabMachine one = lab.control().create(spec().disk(CAPACITY));
        LabMachine two = lab.control().create(spec().disk(CAPACITY));
        Map<DiskKey, SourceRef> mixed = new LinkedHashMap<>();
        mixed.put(new DiskKey("1"), LabSource.ref(lab, one, 2000));
        mixed.put(new DiskKey("2"), LabSource.ref(lab, two, 2000));

        assertThatThrownBy(() -> source.machines().open("mixed", mixed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("frozen at one moment");
    }

    private static LabMachineSpec spec() {
        return LabMachineSpec.named("Büro/replica " + number++);
    }
}
