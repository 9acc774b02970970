package io.migratekit.source.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.source.ChangeId;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceProbe;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.source.TestImage;
import io.migratekit.source.extent.ChangeMap;
import io.migratekit.source.extent.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process leaves behind, and what several do at once. */
final class LabCrashTest {
    private static final DiskKey ROOT = new DiskKey("2000");

    @TempDir
    Path folder;

    private LabVm vm;

    @BeforeEach
    void makeMachine() throws IOException {
        vm = Lab.open(folder).create("vm", 50, 1, 4 << 20);
    }

    @Test
    void neitherShowsNorKeepsASnapshotThatWasNotFinished() throws IOException {
        Files.createDirectory(vm.folder().snapshots().resolve(".draft-1"));
        Files.createDirectory(vm.folder().snapshots().resolve(".gone-1"));

        try (SourceMachine machine = open()) {
            assertThat(machine.snapshots("")).isEmpty();
            machine.takeSnapshot("next");
            assertThat(vm.folder().snapshots().resolve(".draft-1")).doesNotExist();
            assertThat(vm.folder().snapshots().resolve(".gone-1")).doesNotExist();
        }
    }

    @Test
    void missesNoWriteWhenASnapshotDiedAfterTheSequenceGrew() throws IOException {
        try (SourceMachine machine = open()) {
            ChangeId base = machine.takeSnapshot("first").changeId(ROOT).orElseThrow();
            vm.write(ROOT, 0, ByteBuffer.wrap(new byte[] {1}));
            vm.folder().store(vm.folder().load().nextSequence());
            vm.write(ROOT, 1 << 20, ByteBuffer.wrap(new byte[] {2}));

            ChangeMap map = SourceProbe.plan(machine.takeSnapshot("second"), ROOT, Optional.of(base));

            assertThat(map.bytes(Extent.Kind.DATA, 0, 4 << 20)).isEqualTo(2 * 65536);
        }
    }

    @Test
    void overlooksATornRecordAndWritesOnBehindIt() throws IOException {
        try (SourceMachine machine = open()) {
            ChangeId base = machine.takeSnapshot("first").changeId(ROOT).orElseThrow();
            vm.write(ROOT, 0, ByteBuffer.wrap(new byte[] {1}));
            Path log = vm.folder().path().resolve("changes/2000.2");
            Files.write(log, new byte[] {0, 0, 0, 0, 0, 0, 0, 9, 9}, StandardOpenOption.APPEND);
            vm.write(ROOT, 1 << 20, ByteBuffer.wrap(new byte[] {2}));

            ChangeMap map = SourceProbe.plan(machine.takeSnapshot("second"), ROOT, Optional.of(base));

            assertThat(Files.size(log)).isEqualTo(32);
            assertThat(map.bytes(Extent.Kind.DATA, 0, 4 << 20)).isEqualTo(2 * 65536);
        }
    }

    @Test
    void staysConsistentWhileSeveralWriteAndFreezeIt() throws Exception {
        ExecutorService guests = Executors.newFixedThreadPool(2);
        try (SourceMachine machine = open()) {
            Callable<Long> guest = () -> {
                long writtenBytes = 0;
                for (int round = 0; round < 30; round++) {
                    writtenBytes += Lab.open(folder).vm("vm").churn(round, 5);
                }
                return writtenBytes;
            };
            Future<Long> one = guests.submit(guest);
            Future<Long> two = guests.submit(guest);
            byte[] replica = new byte[4 << 20];
            Optional<ChangeId> base = Optional.empty();
            while (!one.isDone() || !two.isDone()) {
                base = replicate(machine, base, replica);
            }
            replicate(machine, base, replica);

            assertThat(one.get() + two.get()).isPositive();
            assertThat(replica).isEqualTo(TestImage.content(vm.image(ROOT)));
        } finally {
            guests.shutdownNow();
        }
    }

    private static Optional<ChangeId> replicate(SourceMachine machine, Optional<ChangeId> base, byte[] replica)
            throws IOException {
        SourceSnapshot snapshot = machine.takeSnapshot("job");
        SourceProbe.copy(snapshot, ROOT, SourceProbe.plan(snapshot, ROOT, base), replica);
        Optional<ChangeId> next = snapshot.changeId(ROOT);
        snapshot.remove();
        return next;
    }

    private SourceMachine open() throws IOException {
        return SourceProbe.machines().open("vm", Map.of(ROOT, vm.ref(ROOT)));
    }
}
