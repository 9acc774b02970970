package io.migratekit.source.vcenter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.ChangeId;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceProbe;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.vcenter.lab.LabFixture;
import io.migratekit.source.vcenter.lab.LabInventory;
import io.migratekit.source.vcenter.lab.LabMachine;
import io.migratekit.source.vcenter.lab.LabMachineSpec;
import io.migratekit.source.vcenter.lab.LabVCenter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replication does with a machine of a vCenter. */
@NeedsPeer({"go", "nbdkit"})
final class VCenterReplicationIT {
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
    void replicatesFourDisksInFullAndThreeTimesWhatChangedByteForByte() throws Exception {
        LabMachine made = lab.control()
                .create(spec().disk(CAPACITY)
                        .disk(CAPACITY, "seSparse", "persistent", "sharingNone")
                        .disk(CAPACITY, "sparse", "persistent", "sharingNone")
                        .disk(CAPACITY, "virtualRdm", "persistent", "sharingNone")
                        .running());
        Random random = new Random(5);
        Map<DiskKey, byte[]> replicas = new LinkedHashMap<>();
        Map<DiskKey, ChangeId> since = new LinkedHashMap<>();
        for (int run = 0; run < 4; run++) {
            for (int disk : made.disks()) {
                write(made, disk, random, run == 0 ? 30 : 3);
            }
            long copied = replicate(made, replicas, since, "migratekit-job-" + run);
            assertThat(copied).isEqualTo(run == 0 ? 4 * CAPACITY : copied).isLessThanOrEqualTo(4 * CAPACITY);
            if (run > 0) {
                assertThat(copied).as("only what changed").isPositive().isLessThan(2 * CAPACITY);
            }
        }
        assertThat(since).hasSize(4);
    }

    /** Copies what changed onto the replicas, compares them with the snapshot, and returns how much was copied. */
    private static long replicate(
            LabMachine made, Map<DiskKey, byte[]> replicas, Map<DiskKey, ChangeId> since, String name)
            throws Exception {
        long copied = 0;
        try (SourceMachine machine = source.machines().open("four", LabSource.disks(lab, made))) {
            SourceSnapshot snapshot = machine.takeSnapshot(name);
            write(made, 2000, new Random(name.hashCode()), 1); // later than the moment
            for (DiskKey disk : LabSource.disks(lab, made).keySet()) {
                ChangeMap map = SourceProbe.plan(snapshot, disk, Optional.ofNullable(since.get(disk)));
                byte[] replica = replicas.computeIfAbsent(disk, key -> filled());
                SourceProbe.copy(snapshot, disk, map, replica);
                copied += map.bytes(Extent.Kind.DATA, 0, map.capacityBytes());

                assertThat(replica).isEqualTo(frozen(snapshot, made, disk));
                since.put(disk, snapshot.changeId(disk).orElseThrow());
            }
            snapshot.remove();
        }
        return copied;
    }

    @Test
    void doesNotKnowWhatChangedWhileSomebodyHadTrackingSwitchedOff() throws Exception {
        LabMachine made = lab.control().create(spec().disk(CAPACITY).running());
        DiskKey disk = new DiskKey("2000");
        try (SourceMachine machine = source.machines().open("untracked", LabSource.disks(lab, made))) {
            SourceSnapshot first = machine.takeSnapshot("migratekit-job-1");
            ChangeId since = first.changeId(disk).orElseThrow();
            first.remove();
            made.switchTrackingOff();
            write(made, 2000, new Random(1), 1);

            SourceSnapshot second = machine.takeSnapshot("migratekit-job-2");

            assertThat(second.notes()).singleElement().asString().contains("switched on");
            assertThatThrownBy(() -> second.changes(disk, Optional.of(since)))
                    .isInstanceOf(SourceException.ChangesUnknown.class);
            second.remove();
        }
    }

    @Test
    void readsOnWhileTheVCenterRestarts() throws Exception {
        LabMachine made = lab.control().create(spec().disk(CAPACITY).running());
        write(made, 2000, new Random(2), 20);
        DiskKey disk = new DiskKey("2000");
        try (SourceMachine machine = source.machines().open("restarting", LabSource.disks(lab, made))) {
            SourceSnapshot snapshot = machine.takeSnapshot("migratekit-job-1");
            ChangeMap map = SourceProbe.plan(snapshot, disk, Optional.empty());
            lab.control().restart(Duration.ofMillis(300));
            byte[] replica = filled();

            SourceProbe.copy(snapshot, disk, map, replica);

            assertThat(replica).isEqualTo(frozen(snapshot, made, disk));
            snapshot.remove();
            assertThat(machine.snapshots("migratekit-")).isEmpty();
        }
    }

    private static byte[] filled() {
        byte[] replica = new byte[(int) CAPACITY];
        Arrays.fill(replica, (byte) 0x55);
        return replica;
    }

    /** Reads what the lab froze, past the adapter. */
    private static byte[] frozen(SourceSnapshot snapshot, LabMachine made, DiskKey disk) throws Exception {
        String file = snapshot.disks().stream()
                .filter(described -> described.key().equals(disk))
                .findFirst()
                .orElseThrow()
                .location();
        Path images = lab.images().resolve(made.reference());
        try (var snapshots = Files.list(images)) {
            Path held = snapshots
                    .filter(path -> path.getFileName().toString().startsWith("snapshot-"))
                    .findFirst()
                    .orElseThrow();
            return Files.readAllBytes(held.resolve(file));
        }
    }

    private static void write(LabMachine made, int disk, Random random, int times) throws Exception {
        byte[] content = new byte[5000];
        for (int i = 0; i < times; i++) {
            random.nextBytes(content);
            made.write(disk, random.nextInt((int) CAPACITY - content.length), content);
        }
    }

    private static LabMachineSpec spec() {
        return LabMachineSpec.named("Büro/replica " + number++);
    }
}
