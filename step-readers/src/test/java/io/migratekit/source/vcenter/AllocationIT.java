package io.migratekit.source.vcenter;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceProbe;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabScript;
import io.migratekit.source.vcenter.lab.LabVCenter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full copy leaves out what vSphere says is not allocated only where its word is known to be right. */
@NeedsPeer({"go", "nbdkit"})
final class AllocationIT {
    private static final int CAPACITY = 8 << 20;
    private static final DiskKey DISK = new DiskKey("2000");
    private static final byte[] DATA = new byte[100_000];

    @TempDir
    static Path folder;

    private static LabVCenter lab;
    private static LabSource source;
    private static int number;

    @BeforeAll
    static void start() throws Exception {
        lab = LabFixture.start(folder, LabInventory.empty());
        source = new LabSource(lab, FullPlan.TRUSTED);
        Arrays.fill(DATA, (byte) 'd');
    }

    @AfterAll
    static void end() throws Exception {
        source.close();
        lab.close();
    }

    @BeforeEach
    void onVmfs() throws Exception {
        lab.control().clearScripts();
        lab.control().setDatastore("LocalDS_0", "VMFS");
    }

    @Test
    void readsWhatIsAllocatedOfAThinDiskOnVmfsThatIsTrackedFromNowOn() throws Exception {
        String reading = copy(lab.control().create(spec().disk(CAPACITY).running()), true);

        assertThat(reading).contains("what vSphere says is allocated is read", "thin, on VMFS");
    }

    @Test
    void readsEveryByteWhereSomebodySwitchedTrackingOnBefore() throws Exception {
        LabMachine made = lab.control().create(spec().disk(CAPACITY).running());
        try (SourceMachine machine = source.machines().open("before", LabSource.disks(lab, made))) {
            machine.takeSnapshot("migratekit-job-0").remove();
        }

        assertThat(copy(made, false)).contains("every byte is read, since tracking was not switched on for this copy");
    }

    @Test
    void readsEveryByteOffVmfsOfThickDisksOfOtherKindsAndOfVmsThatAreOff() throws Exception {
        lab.control().setDatastore("LocalDS_0", "NFS");
        assertThat(copy(lab.control().create(spec().disk(CAPACITY).running()), false))
                .contains("datastore 'LocalDS_0' is NFS");
        lab.control().setDatastore("LocalDS_0", "VMFS");
        assertThat(copy(lab.control().create(spec().disk(CAPACITY, "thick").running()), false))
                .contains("it is thick");
        assertThat(copy(lab.control().create(spec().disk(CAPACITY, "seSparse").running()), false))
                .contains("it is a SeSparse disk");
        assertThat(copy(lab.control().create(spec().disk(CAPACITY)), false))
                .contains("while the VM ran without snapshots");
    }

    @Test
    void readsEveryByteWhereVSphereRefusesToTellAndWhenTheJobGoesOnWithItsSnapshot() throws Exception {
        LabMachine made = lab.control().create(spec().disk(CAPACITY).running());
        made.write(2000, 1 << 20, DATA);
        try (SourceMachine machine = source.machines().open("restarted", LabSource.disks(lab, made))) {
            SourceSnapshot taken = machine.takeSnapshot("migratekit-job-1");
            lab.control().script(LabScript.call("QueryChangedDiskAreas").fault("FileFault"));
            assertThat(taken.fullReading(DISK).orElseThrow()).contains("every byte is read", "is not known");

            SourceSnapshot found = machine.findSnapshot(taken.reference()).orElseThrow();
            assertThat(found.fullReading(DISK).orElseThrow()).contains("every byte is read");
            taken.remove();
        }
    }

    /** Copies the disk onto old data and returns what the snapshot says of it. */
    private static String copy(LabMachine made, boolean allocatedAlone) throws Exception {
        made.write(2000, 1 << 20, DATA);
        byte[] expected = new byte[CAPACITY];
        System.arraycopy(DATA, 0, expected, 1 << 20, DATA.length);
        try (SourceMachine machine = source.machines().open("copied", LabSource.disks(lab, made))) {
            SourceSnapshot snapshot = machine.takeSnapshot("migratekit-job-1");
            ChangeMap map = SourceProbe.plan(snapshot, DISK, Optional.empty());
            byte[] replica = new byte[CAPACITY];
            Arrays.fill(replica, (byte) 0x55);
            SourceProbe.copy(snapshot, DISK, map, replica);

            assertThat(replica).isEqualTo(expected);
            long readBytes = map.bytes(Extent.Kind.DATA, 0, CAPACITY);
            assertThat(readBytes).isEqualTo(allocatedAlone ? 128 << 10 : CAPACITY); // blocks of 64 KiB
            String reading = snapshot.fullReading(DISK).orElseThrow();
            snapshot.remove();
            return reading;
        }
    }

    private static Spec spec() {
        return new Spec(LabMachineSpec.named("Büro/allocated " + number++));
    }

    /** Disks of a kind that take part in snapshots. */
    private record Spec(LabMachineSpec machine) {
        LabMachineSpec disk(long bytes) {
            return machine.disk(bytes);
        }

        LabMachineSpec disk(long bytes, String backing) {
            return machine.disk(bytes, backing, "persistent", "sharingNone");
        }
    }
}
