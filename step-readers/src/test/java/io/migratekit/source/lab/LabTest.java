package io.migratekit.source.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.source.ChangeId;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceMachineContract;
import io.migratekit.source.SourceProbe;
import io.migratekit.source.SourceRef;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.TestImage;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LabTest extends SourceMachineContract {
    private static final DiskKey ROOT = new DiskKey("2000");

    @TempDir
    Path folder;

    private Lab lab;
    private LabVm vm;

    @BeforeEach
    void makeMachine() throws IOException {
        lab = Lab.open(folder.resolve("the lab"));
        vm = lab.create("Büro 1-2", 40, 7, 8 << 20, (3 << 20) + 513);
    }

    @Override
    protected Map<DiskKey, SourceRef> disks() throws IOException {
        Map<DiskKey, SourceRef> disks = new LinkedHashMap<>();
        vm.diskKeys().forEach(key -> disks.put(key, vm.ref(key)));
        return disks;
    }

    @Override
    protected byte[] content(DiskKey disk) {
        return TestImage.content(vm.image(disk));
    }

    @Override
    protected SourceRef missing() {
        return new SourceRef("lab:" + lab.folder() + "/nobody/2000");
    }

    @Test
    void freezesAllDisksWhileTheGuestWritesOn() throws IOException {
        byte[] before = content(ROOT);
        try (SourceMachine machine = open()) {
            SourceSnapshot snapshot = machine.takeSnapshot("job");
            vm.churn(3, 30);

            ChangeMap map = SourceProbe.plan(snapshot, ROOT, Optional.empty());
            byte[] replica = new byte[before.length];
            SourceProbe.copy(snapshot, ROOT, map, replica);

            assertThat(replica).isEqualTo(before).isNotEqualTo(content(ROOT));
        }
    }

    @Test
    void copiesOnlyWhatChangedSinceAnEarlierSnapshot() throws IOException {
        try (SourceMachine machine = open()) {
            ChangeId base = machine.takeSnapshot("first").changeId(ROOT).orElseThrow();
            vm.write(ROOT, 130_000, ByteBuffer.wrap(new byte[] {1, 2, 3}));
            SourceSnapshot second = machine.takeSnapshot("second");

            ChangeMap map = SourceProbe.plan(second, ROOT, Optional.of(base));

            assertThat(map.bytes(Extent.Kind.DATA, 0, map.capacityBytes())).isEqualTo(65536);
            assertThat(second.changeId(ROOT).orElseThrow().lineage()).isEqualTo(base.lineage());
        }
    }

    @Test
    void findsOnlySnapshotsWithThePrefix() throws IOException {
        try (SourceMachine machine = open()) {
            machine.takeSnapshot("migratekit-job-1");
            machine.takeSnapshot("somebody's");

            assertThat(machine.snapshots("migratekit-"))
                    .extracting(SourceSnapshot::name)
                    .containsExactly("migratekit-job-1");
        }
    }

    @Test
    void doesNotKnowEarlierChangesAfterAReset() throws IOException {
        try (SourceMachine machine = open()) {
            Optional<ChangeId> base = machine.takeSnapshot("first").changeId(ROOT);
            vm.resetTracking();
            SourceSnapshot second = machine.takeSnapshot("second");

            assertThatThrownBy(() -> second.changes(ROOT, base))
                    .isInstanceOf(SourceException.ChangesUnknown.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void doesNotKnowEarlierChangesAfterAResize() throws IOException {
        try (SourceMachine machine = open()) {
            Optional<ChangeId> base = machine.takeSnapshot("first").changeId(ROOT);
            vm.resize(ROOT, 9 << 20);
            SourceSnapshot second = machine.takeSnapshot("second");

            assertThat(SourceProbe.capacityBytes(second, ROOT)).isEqualTo(9 << 20);
            assertThatThrownBy(() -> second.changes(ROOT, base)).isInstanceOf(SourceException.ChangesUnknown.class);
        }
    }

    @Test
    void losesItsSnapshotOnDemand() throws IOException {
        try (SourceMachine machine = open()) {
            SourceSnapshot snapshot = machine.takeSnapshot("job");
            lab.setFaults(LabFaults.none().with(LabFault.LOST_SNAPSHOT, 1));

            assertThat(machine.findSnapshot(snapshot.reference())).isEmpty();
            assertThatThrownBy(() -> snapshot.open(ROOT))
                    .isInstanceOf(SourceException.NotFound.class)
                    .hasMessageContaining("'job'");
        }
    }

    @Test
    void isNotWrittenWhilePoweredOff() throws IOException {
        vm.power(false);

        assertThat(lab.vm(vm.name()).poweredOn()).isFalse();
        assertThatThrownBy(() -> vm.churn(1, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void forgetsAWriteWhenItsTrackerLies() throws IOException {
        try (SourceMachine machine = open()) {
            ChangeId base = machine.takeSnapshot("first").changeId(ROOT).orElseThrow();
            lab.setFaults(LabFaults.none().with(LabFault.LYING_TRACKER, 1));
            vm.write(ROOT, 0, ByteBuffer.wrap(new byte[] {42}));
            vm.write(ROOT, 1 << 20, ByteBuffer.wrap(new byte[] {42}));

            ChangeMap map = SourceProbe.plan(machine.takeSnapshot("second"), ROOT, Optional.of(base));

            assertThat(map.bytes(Extent.Kind.DATA, 0, map.capacityBytes())).isEqualTo(65536);
        }
    }

    @Test
    void asksAgainAfterAnExpiredSessionButNotForEver() throws IOException {
        try (SourceMachine machine = open()) {
            SourceSnapshot snapshot = machine.takeSnapshot("job");
            lab.setFaults(LabFaults.none().with(LabFault.SESSION_EXPIRED, 2));
            SourceProbe.plan(snapshot, ROOT, Optional.empty());

            lab.setFaults(LabFaults.none().with(LabFault.SESSION_EXPIRED, LabFaults.ALWAYS));
            assertThatThrownBy(() -> SourceProbe.plan(snapshot, ROOT, Optional.empty()))
                    .isInstanceOf(SourceException.Unavailable.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ZERO_LENGTH_PAGE", "GAP_BETWEEN_PAGES"})
    void isNotTrustedWhenItsPagesDoNotTileTheDisk(LabFault fault) throws IOException {
        lab.setFaults(LabFaults.none().with(fault, LabFaults.ALWAYS));
        try (SourceMachine machine = open()) {
            SourceSnapshot snapshot = machine.takeSnapshot("job");

            assertThatThrownBy(() -> SourceProbe.plan(snapshot, ROOT, Optional.empty()))
                    .isInstanceOf(SourceException.Untrustworthy.class);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @Seeds(8)
    void followsTheGuestThroughIncrementalsWithEveryHarmlessFault(long seed) throws IOException {
        Random random = new Random(seed);
        Map<DiskKey, byte[]> replicas = new HashMap<>();
        Map<DiskKey, Optional<ChangeId>> bases = new HashMap<>();
        for (DiskKey disk : vm.diskKeys()) {
            replicas.put(disk, new byte[(int) vm.capacityBytes(disk)]);
            bases.put(disk, Optional.empty());
        }
        for (int round = 0; round < 4; round++) {
            lab.setFaults(harmless(random));
            vm.churn(random.nextLong(), random.nextInt(20));
            vm.write(ROOT, random.nextInt(8 << 20), ByteBuffer.wrap(new byte[] {(byte) round}));
            try (SourceMachine machine = open()) {
                SourceSnapshot snapshot = machine.takeSnapshot("round " + round);
                for (DiskKey disk : vm.diskKeys()) {
                    ChangeMap map = SourceProbe.plan(snapshot, disk, bases.getOrDefault(disk, Optional.empty()));
                    byte[] replica = replicas.getOrDefault(disk, new byte[0]);
                    SourceProbe.copy(snapshot, disk, map, replica);
                    bases.put(disk, snapshot.changeId(disk));
                    assertThat(Arrays.equals(replica, content(disk))).isTrue();
                }
                snapshot.remove();
            }
        }
    }

    @Test
    void keepsItsMachinesForOtherProcesses() throws IOException {
        Lab again = Lab.open(lab.folder());
        again.create("second", 0, 1, 4096);

        assertThat(lab.vms()).isEqualTo(List.of("Büro 1-2", "second"));
        assertThat(again.vm(vm.name()).diskKeys()).isEqualTo(vm.diskKeys());
        assertThatThrownBy(() -> again.create("second", 0, 1, 4096)).hasMessageContaining("already");
    }

    private static LabFaults harmless(Random random) {
        LabFaults faults = LabFaults.none().withPages(1 + random.nextInt(5), (1L + random.nextInt(20)) * 65536);
        for (LabFault fault : List.of(LabFault.EMPTY_PAGES, LabFault.MESSY_AREAS)) {
            faults = random.nextBoolean() ? faults.with(fault, LabFaults.ALWAYS) : faults;
        }
        faults = random.nextBoolean() ? faults.with(LabFault.ZERO_LENGTH_PAGE, 1) : faults;
        return random.nextBoolean() ? faults.with(LabFault.SESSION_EXPIRED, 1) : faults;
    }
}
