package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.Replication.Fallback;
import io.migratekit.job.JobException;
import io.migratekit.job.JobsApp;
import io.migratekit.job.Mode;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.VerificationJob;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.job.verification.VerificationResult;
import io.migratekit.source.DiskKey;
import io.migratekit.source.lab.LabFault;
import io.migratekit.source.lab.LabFaults;
import io.migratekit.source.lab.LabVm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replications of lab machines, whole and incremental, and what can come between. */
final class ReplicationTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private JobsApp app;
    private LabFixture lab;

    @BeforeEach
    void start() throws Exception {
        app = JobsApp.start(folder, JobsApp.memoryDatabase(), Object.class, "migratekit.chunk.bytes=2MB");
        lab = new LabFixture(folder);
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void replicatesAllDisksThenOnlyWhatChanged() throws Exception {
        LabVm vm = lab.add(app, "web 01 ü", 40, 1, 16 * MIB, 8 * MIB + 512);
        ReplicationResult full = LabFixture.start(app, vm.name()).result();
        assertThat(lab.differences(vm)).isEmpty();
        vm.churn(7, 3);

        ReplicationResult incremental = LabFixture.start(app, vm.name()).result();

        assertThat(lab.differences(vm)).isEmpty();
        assertThat(full.status()).isEqualTo("completed");
        assertThat(incremental.bytesTotal()).isEqualTo(full.bytesTotal());
        assertThat(incremental.bytesCopied() + incremental.bytesZeroed())
                .isLessThan(4 * MIB)
                .isPositive();
        assertThat(incremental.bytesCopied() + incremental.bytesZeroed() + incremental.bytesSkipped())
                .isEqualTo(incremental.bytesTotal());
        Machine machine = app.get(MachineCatalog.class).show(vm.name());
        assertThat(machine.status()).isEqualTo("ready_for_failover");
        assertThat(app.get(MachineCatalog.class).restorePoints(machine)).hasSize(2);
        assertThat(codes(incremental)).contains("mode", "planned", "promoted", "snapshot.removed");
    }

    @Test
    void copiesNothingWhenNothingChanged() throws Exception {
        LabVm vm = lab.add(app, "idle", 30, 2, 8 * MIB);
        LabFixture.start(app, vm.name()).result();

        ReplicationResult again = LabFixture.start(app, vm.name()).result();

        assertThat(again.bytesCopied() + again.bytesZeroed()).isZero();
        assertThat(again.status()).isEqualTo("completed");
    }

    @Test
    void verifiesThatTargetsAreTheSameAlthoughTheGuestGoesOnWriting() throws Exception {
        LabVm vm = lab.add(app, "busy", 40, 3, 16 * MIB);
        LabFixture.start(app, vm.name()).result();
        vm.churn(9, 5);

        VerificationResult result = verify(vm.name(), 100);

        assertThat(result.status()).isEqualTo("completed");
        assertThat(result.bytesExcluded()).isPositive();
        assertThat(result.bytesCompared() + result.bytesExcluded()).isEqualTo(16 * MIB);
        VerificationResult sample = verify(vm.name(), 30);
        assertThat(sample.bytesExcluded()).isLessThan(result.bytesExcluded());
        assertThat((sample.bytesCompared() + sample.bytesExcluded()) % MIB).isZero();
    }

    @Test
    void verifyTellsWhereATargetDiffers() throws Exception {
        LabVm vm = lab.add(app, "damaged", 40, 4, 16 * MIB);
        LabFixture.start(app, vm.name()).result();
        try (FileChannel file = FileChannel.open(
                lab.target(vm.name(), vm.diskKeys().get(0)), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, 5 * MIB + 77);
            file.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), 5 * MIB + 77);
        }

        VerificationResult result = verify(vm.name(), 100);

        assertThat(result.status()).isEqualTo("different");
        assertThat(result.differences()).isOne();
        assertThat(result.listed().get(0).offsetBytes()).isLessThanOrEqualTo(5 * MIB + 77);
        assertThat(verify(vm.name(), 10).bytesCompared()).isLessThan(8 * MIB).isPositive();
    }

    @Test
    void verifyFindsWhatALyingChangeTrackerKeptFromTheIncremental() throws Exception {
        LabVm vm = lab.add(app, "lied to", 40, 11, 8 * MIB);
        LabFixture.start(app, vm.name()).result();
        lab.lab().setFaults(LabFaults.none().with(LabFault.LYING_TRACKER, 1));
        vm.write(vm.diskKeys().get(0), 3 * MIB, ByteBuffer.wrap(new byte[] {'u', 'n', 's', 'e', 'e', 'n'}));
        vm.write(vm.diskKeys().get(0), 5 * MIB, ByteBuffer.wrap(new byte[] {'s', 'e', 'e', 'n'}));

        assertThat(LabFixture.start(app, vm.name()).result().status()).isEqualTo("completed");

        VerificationResult result = verify(vm.name(), 100);
        assertThat(result.status()).isEqualTo("different");
        assertThat(result.listed())
                .extracting(VerificationJob.Difference::offsetBytes)
                .containsExactly(3 * MIB);
        startWith(vm, Mode.FULL, Fallback.AUTO);
        assertThat(verify(vm.name(), 100).status()).isEqualTo("completed");
    }

    @Test
    void anUnknownChangeIdFallsBackByPolicy() throws Exception {
        LabVm vm = lab.add(app, "reset", 30, 5, 8 * MIB);
        LabFixture.start(app, vm.name()).result();
        vm.resetTracking();

        assertThatThrownBy(() -> startWith(vm, Mode.AUTO, Fallback.ASK))
                .isInstanceOf(JobException.NeedsDecision.class)
                .hasMessageContaining("--mode full");
        assertThatThrownBy(() -> startWith(vm, Mode.INCREMENTAL, Fallback.FAIL))
                .isInstanceOf(JobException.Failed.class)
                .hasMessageContaining("fallback policy");
        ReplicationResult result = startWith(vm, Mode.AUTO, Fallback.AUTO);

        assertThat(codes(result)).contains("fallback");
        assertThat(result.bytesCopied()).isGreaterThan(MIB);
        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void changesThatTurnOutToBeUnknownAfterTheFirstPageFollowThePolicy() throws Exception {
        LabVm vm = lab.add(app, "forgetful", 40, 12, 16 * MIB);
        LabFixture.start(app, vm.name()).result();
        vm.churn(20, 12);
        lab.lab().setFaults(LabFaults.none().withPages(2, MIB).with(LabFault.CHANGES_FORGOTTEN, 1));
        assertThatThrownBy(() -> startWith(vm, Mode.AUTO, Fallback.ASK)).isInstanceOf(JobException.NeedsDecision.class);
        lab.lab().setFaults(LabFaults.none().withPages(2, MIB).with(LabFault.CHANGES_FORGOTTEN, 1));

        ReplicationResult result = startWith(vm, Mode.AUTO, Fallback.AUTO);

        assertThat(codes(result)).contains("fallback");
        assertThat(result.status()).isEqualTo("completed");
        assertThat(lab.differences(vm)).isEmpty();
        ReplicationResult next = startWith(vm, Mode.INCREMENTAL, Fallback.FAIL);
        assertThat(next.bytesCopied() + next.bytesZeroed()).isZero();
    }

    @Test
    void aVanishedTargetImageIsCopiedInFullNeverIncrementally() throws Exception {
        LabVm vm = lab.add(app, "vanished", 30, 6, 8 * MIB);
        LabFixture.start(app, vm.name()).result();
        Files.delete(lab.target(vm.name(), vm.diskKeys().get(0)));

        assertThatThrownBy(() -> startWith(vm, Mode.AUTO, Fallback.ASK)).isInstanceOf(JobException.NeedsDecision.class);
        // The image exists again by now, but empty: the ledger must not trust its earlier restore point.
        ReplicationResult result = startWith(vm, Mode.AUTO, Fallback.AUTO);

        assertThat(result.status()).isEqualTo("completed");
        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void anotherImageUnderTheSameNameIsCopiedInFull() throws Exception {
        LabVm vm = lab.add(app, "swapped", 30, 9, 8 * MIB);
        LabFixture.start(app, vm.name()).result();
        Path target = lab.target(vm.name(), vm.diskKeys().get(0));
        Files.delete(target);
        Images.dirty(target, 8 * MIB); // the same name and size

        ReplicationResult result = startWith(vm, Mode.AUTO, Fallback.AUTO);

        assertThat(codes(result)).contains("fallback");
        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void nothingIsCopiedWhenTheSourcesAnswersLeaveAHole() throws Exception {
        LabVm vm = lab.add(app, "holey", 50, 7, 32 * MIB);
        lab.lab().setFaults(LabFaults.none().withPages(2, MIB).with(LabFault.ZERO_LENGTH_PAGE, LabFaults.ALWAYS));

        assertThatThrownBy(() -> LabFixture.start(app, vm.name()).result()).isInstanceOf(JobException.Failed.class);

        Machine machine = app.get(MachineCatalog.class).show(vm.name());
        assertThat(app.get(MachineCatalog.class).restorePoints(machine)).isEmpty();
        lab.lab().setFaults(LabFaults.none());
        assertThat(LabFixture.start(app, vm.name()).result().status()).isEqualTo("completed");
        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void emptyPagesAndUntidyAreasLoseNothing() throws Exception {
        LabVm vm = lab.add(app, "untidy", 20, 8, 16 * MIB);
        lab.lab()
                .setFaults(LabFaults.none()
                        .withPages(3, MIB)
                        .with(LabFault.EMPTY_PAGES, LabFaults.ALWAYS)
                        .with(LabFault.MESSY_AREAS, LabFaults.ALWAYS));
        LabFixture.start(app, vm.name()).result();
        vm.churn(3, 5);
        LabFixture.start(app, vm.name()).result();

        assertThat(lab.differences(vm)).isEmpty();
    }

    @Test
    void aMachineNameOrTargetIsUsedOnce() throws Exception {
        LabVm vm = lab.add(app, "one", 10, 9, 4 * MIB, MIB);
        MachineCatalog catalog = app.get(MachineCatalog.class);
        DiskKey key = vm.diskKeys().get(0);
        List<MachineCatalog.DiskPair> same = List.of(new MachineCatalog.DiskPair(
                vm.ref(key).text(), lab.target("one", key).toString()));

        assertThatThrownBy(() -> catalog.add("one", same)).hasMessageContaining("exists already");
        assertThatThrownBy(() -> catalog.add("two", pairs(vm, "nbd://localhost/disk", "nbd://127.0.0.1:10809/disk")))
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("two disks have the same target nbd://localhost/disk");
        catalog.add("three", pairs(vm, "nbd://localhost/disk"));
        assertThatThrownBy(() -> catalog.add("four", pairs(vm, "nbd://[::1]/disk")))
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("belongs to VM 'three'");
        assertThatThrownBy(() -> catalog.add("two", same))
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("belongs to VM 'one'");
        assertThatThrownBy(() -> catalog.show("nobody"))
                .isInstanceOf(JobException.NoSuch.class)
                .hasMessageContaining("one");
    }

    @Test
    void aMachineWithoutRestorePointCannotBeVerified() throws Exception {
        LabVm vm = lab.add(app, "new", 10, 10, 4 * MIB);

        assertThatThrownBy(() -> verify(vm.name(), 100))
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("no restore point");
    }

    private static List<MachineCatalog.DiskPair> pairs(LabVm vm, String... targets) throws IOException {
        List<MachineCatalog.DiskPair> pairs = new ArrayList<>();
        for (int disk = 0; disk < targets.length; disk++) {
            pairs.add(
                    new MachineCatalog.DiskPair(vm.ref(vm.diskKeys().get(disk)).text(), targets[disk]));
        }
        return pairs;
    }

    private ReplicationResult startWith(LabVm vm, Mode mode, Fallback fallback) throws InterruptedException {
        return app.get(Replications.class)
                .start(vm.name(), new StartOptions(mode, Optional.of(fallback), false, false))
                .result();
    }

    private VerificationResult verify(String name, double percent) throws InterruptedException {
        return app.get(Verifications.class).start(name, percent, 42).result();
    }

    private List<String> codes(ReplicationResult result) {
        return app.get(Replications.class).events(result.jobId(), 0).stream()
                .map(JobEvent::code)
                .toList();
    }
}
