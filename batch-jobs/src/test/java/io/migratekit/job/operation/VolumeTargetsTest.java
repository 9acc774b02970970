package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.Replication.Fallback;
import io.migratekit.job.JobException;
import io.migratekit.job.JobsApp;
import io.migratekit.job.Mode;
import io.migratekit.job.TargetRef;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.job.verification.VerificationResult;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.source.DiskKey;
import io.migratekit.source.lab.Lab;
import io.migratekit.source.lab.LabVm;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.daemon.DaemonStart;
import io.migratekit.volume.daemon.RunningDaemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replications onto volumes that the job makes itself, through the volume daemon alone, which is asked over HTTP. */
final class VolumeTargetsTest {
    private static final long MIB = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    private JobsApp app;
    private RunningDaemon daemon;
    private Volumes volumes;
    private CuttingCopies copies;
    private Lab lab;

    @BeforeEach
    void start() throws Exception {
        app = JobsApp.start(
                folder,
                JobsApp.memoryDatabase(),
                CuttingCopies.Wiring.class,
                "migratekit.chunk.bytes=2MB",
                "migratekit.copy.window=2MB",
                "migratekit.volumes.port=0",
                "migratekit.volumes.engine=embedded",
                "migratekit.volumes.format=raw",
                "migratekit.volumes.reserve=0B",
                "migratekit.volumes.overcommit=1000");
        daemon = app.get(DaemonStart.class).start(DaemonStart.Origin.ASKED_FOR);
        volumes = app.get(Volumes.class);
        copies = app.get(CuttingCopies.class);
        lab = Lab.open(folder.resolve("lab"));
    }

    @AfterEach
    void stop() {
        daemon.close();
        app.close();
    }

    @Test
    void makesAVolumePerDiskThenReplicatesOnlyWhatChanged() throws Exception {
        LabVm vm = add("web 01 ü", 16 * MIB, 8 * MIB + 512);

        ReplicationResult full = LabFixture.start(app, vm.name()).result();
        vm.churn(7, 3);
        ReplicationResult incremental = LabFixture.start(app, vm.name()).result();

        assertThat(differences(vm)).isEmpty();
        assertThat(full.bytesZeroed())
                .as("a new volume is zero, so none are written")
                .isZero();
        assertThat(incremental.bytesCopied()).isLessThan(4 * MIB).isPositive();
        assertThat(codes(full)).contains("volume.created", "volume.attached", "volume.exported");
        assertThat(codes(incremental)).contains("volume.exported").doesNotContain("volume.created");
        assertThat(volumes.volumes())
                .extracting(volume -> volume.context().orElseThrow())
                .containsOnly(machine(vm).contextId())
                .hasSize(2);
        assertThat(volumes.exports()).as("left behind").isEmpty();
    }

    @Test
    void goesOnOnTheSameVolumeAndLocksTheEarlierWriterOut() throws Exception {
        LabVm vm = add("cut", 32 * MIB);
        String[] earlier = new String[1];
        copies.actAt(2, () -> {
            earlier[0] = volumes.exports().get(0).uri().orElseThrow();
            throw new IllegalStateException("cut");
        });
        assertThatThrownBy(() -> LabFixture.start(app, vm.name()).result()).isInstanceOf(JobException.class);
        Volume volume = volume(vm);
        // As after a kill: the export of the dead job is there, and somebody still holds a connection to it.
        NbdUri stale = exported(volume.id());
        try (NbdClient zombie = NbdClient.connect(stale, ClientOptions.defaults())) {
            copies.heal();
            ReplicationResult result = LabFixture.start(app, vm.name()).result();

            assertThat(result.restarts()).isOne();
            assertThat(result.bytesRecopied()).isPositive().isLessThanOrEqualTo(8 * MIB);
            assertThatThrownBy(() -> zombie.write(0, ByteBuffer.allocate(512), 0))
                    .isInstanceOf(IOException.class);
        }
        assertThat(earlier[0]).isNotEqualTo(stale.toString());
        assertThat(volumes.volumes()).containsExactly(volume(vm));
        assertThat(differences(vm)).isEmpty();
    }

    @Test
    void findsTheVolumeThatADeadStartMade() throws Exception {
        LabVm vm = add("orphan", 8 * MIB);
        LabFixture.start(app, vm.name()).result();
        String name = volume(vm).name();
        Machine machine = machine(vm);
        app.get(MachineRemoval.class).removeWithVolumes(vm.name());
        add(vm);
        String context = machine(vm).contextId();
        String again = name.replace(end(machine.contextId()), end(context));
        perform(new VolumeRequest.Create(again, 8 * MIB, Optional.of(context)));

        LabFixture.start(app, vm.name()).result();

        assertThat(volumes.volumes()).extracting(Volume::name).containsExactly(again);
        assertThat(differences(vm)).isEmpty();
    }

    @Test
    void aVolumeThatIsGoneIsMadeAnewOnlyAsThePolicySays() throws Exception {
        LabVm vm = add("gone", 8 * MIB);
        LabFixture.start(app, vm.name()).result();
        Volume first = volume(vm);
        perform(new VolumeRequest.Detach(first.id()));
        perform(new VolumeRequest.Delete(first.id()));

        assertThatThrownBy(() -> app.get(Replications.class)
                        .start(vm.name(), new StartOptions(Mode.AUTO, Optional.of(Fallback.ASK), false, false))
                        .result())
                .isInstanceOf(JobException.NeedsDecision.class)
                .hasMessageContaining(first.id().text())
                .hasMessageContaining("--mode full");
        assertThat(volumes.volumes()).isEmpty();
        ReplicationResult result = LabFixture.start(app, vm.name()).result();

        assertThat(codes(result)).contains("fallback", "volume.created");
        assertThat(differences(vm)).isEmpty();
    }

    @Test
    void aVolumeThatAnotherVmHasIsNotTouched() throws Exception {
        LabVm vm = add("failed over", 8 * MIB);
        LabFixture.start(app, vm.name()).result();
        Volume volume = volume(vm);
        perform(new VolumeRequest.Detach(volume.id()));
        perform(new VolumeRequest.Attach(volume.id(), "vm-77", false));

        assertThatThrownBy(() -> LabFixture.start(app, vm.name()).result())
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("VM vm-77 has volume");
        assertThatThrownBy(() -> app.get(MachineRemoval.class).removeWithVolumes(vm.name()))
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("vm-77");
        assertThatThrownBy(() -> app.get(MachineRemoval.class).volumes(machine(vm)))
                .as("what a dry run would name")
                .isInstanceOf(JobException.Refused.class);
        assertThat(volumes.volume(volume.id())).isPresent();
    }

    @Test
    void aVolumeThatAnotherVmHadDoesNotHoldTheRestorePointAnyMore() throws Exception {
        LabVm vm = add("back", 8 * MIB);
        LabFixture.start(app, vm.name()).result();
        Volume volume = volume(vm);
        perform(new VolumeRequest.Detach(volume.id()));
        perform(new VolumeRequest.Attach(volume.id(), "vm-77", false));
        perform(new VolumeRequest.Detach(volume.id()));
        perform(new VolumeRequest.Attach(volume.id(), VolumeRequest.APPLIANCE, false));
        try (FileChannel file = FileChannel.open(image(vm, vm.diskKeys().get(0)), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 5 * MIB); // what that VM did
        }

        ReplicationResult full = LabFixture.start(app, vm.name()).result();
        vm.churn(9, 2);
        ReplicationResult incremental = LabFixture.start(app, vm.name()).result();

        assertThat(codes(full)).contains("fallback");
        assertThat(codes(incremental)).doesNotContain("fallback");
        assertThat(differences(vm)).isEmpty();
    }

    @Test
    void growsWithItsSource() throws Exception {
        LabVm vm = add("growing", 8 * MIB);
        LabFixture.start(app, vm.name()).result();
        vm.resize(vm.diskKeys().get(0), 12 * MIB);

        ReplicationResult result = LabFixture.start(app, vm.name()).result();

        assertThat(codes(result)).contains("volume.grown", "fallback");
        assertThat(volume(vm).sizeBytes()).isEqualTo(12 * MIB);
        assertThat(differences(vm)).isEmpty();
    }

    @Test
    void verifiesThroughAnExportThatCannotBeWritten() throws Exception {
        LabVm vm = add("proven", 8 * MIB);
        LabFixture.start(app, vm.name()).result();
        VerificationResult same = verify(vm);
        try (FileChannel file =
                FileChannel.open(image(vm, vm.diskKeys().get(0)), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(one, 3 * MIB + 7);
            file.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), 3 * MIB + 7);
        }

        assertThat(same.status()).isEqualTo("completed");
        assertThat(verify(vm).status()).isEqualTo("different");
        List<Operation> exports = volumes.operations(OperationFilter.newest(100)).stream()
                .filter(operation -> operation.request() instanceof VolumeRequest.Export)
                .toList();
        assertThat(exports)
                .extracting(operation -> ((VolumeRequest.Export) operation.request()).readOnly())
                .containsExactly(true, true, false);
        assertThat(volumes.exports()).isEmpty();
    }

    @Test
    void removesTheVolumesOfAVmAndNoOthers() throws Exception {
        LabVm kept = add("kept", 8 * MIB);
        LabVm vm = add("removed", 8 * MIB);
        LabFixture.start(app, kept.name()).result();
        LabFixture.start(app, vm.name()).result();
        Machine machine = machine(vm);
        exported(volume(vm).id()); // as a killed job leaves it

        assertThat(app.get(MachineRemoval.class).volumes(machine))
                .extracting(Volume::id)
                .containsExactly(volume(vm).id());
        app.get(MachineRemoval.class).removeWithVolumes(vm.name());

        assertThat(volumes.volumes()).containsExactly(volume(kept));
        assertThat(app.get(MachineCatalog.class).names()).containsExactly("kept");
    }

    @Test
    void forgettingAVmLeavesItsVolumesAsTheyAre() throws Exception {
        LabVm vm = add("forgotten", 8 * MIB);
        LabFixture.start(app, vm.name()).result();
        exported(volume(vm).id());

        app.get(MachineRemoval.class).remove(vm.name());

        assertThat(volumes.volumes()).as("forgotten, and whole").hasSize(1);
        assertThat(volumes.exports()).hasSize(1);
    }

    private LabVm add(String name, long... capacityBytes) throws IOException {
        LabVm vm = lab.create(name, 40, name.hashCode(), capacityBytes);
        add(vm);
        return vm;
    }

    private void add(LabVm vm) throws IOException {
        app.get(MachineCatalog.class)
                .add(
                        vm.name(),
                        vm.diskKeys().stream()
                                .map(key ->
                                        new MachineCatalog.DiskPair(vm.ref(key).text(), Optional.empty()))
                                .toList());
    }

    private Machine machine(LabVm vm) {
        return app.get(MachineCatalog.class).show(vm.name());
    }

    private Volume volume(LabVm vm) {
        return volume(machine(vm).disks().get(0));
    }

    private Volume volume(MachineDisk disk) {
        VolumeId id = disk.target().flatMap(TargetRef::volume).orElseThrow();
        return volumes.volume(id).orElseThrow();
    }

    /** Exports a volume as a job does that then dies. */
    private NbdUri exported(VolumeId id) {
        VolumeExport export =
                perform(new VolumeRequest.Export(id, false)).export().orElseThrow();
        return NbdUri.parse(export.uri().orElseThrow());
    }

    private Operation perform(VolumeRequest request) {
        return volumes.perform(UUID.randomUUID().toString(), request, PATIENCE);
    }

    private VerificationResult verify(LabVm vm) throws Exception {
        return app.get(Verifications.class).start(vm.name(), 100, 42).result();
    }

    private List<String> codes(ReplicationResult result) {
        return app.get(Replications.class).events(result.jobId(), 0).stream()
                .map(JobEvent::code)
                .toList();
    }

    private Path image(LabVm vm, DiskKey key) throws IOException {
        int index = vm.diskKeys().indexOf(key);
        Volume volume = volume(machine(vm).disks().get(index));
        return Path.of(volume.attachment().orElseThrow().devicePath().orElseThrow())
                .toRealPath();
    }

    private List<DiskKey> differences(LabVm vm) throws IOException {
        return vm.diskKeys().stream().filter(key -> differs(vm, key)).toList();
    }

    private boolean differs(LabVm vm, DiskKey key) {
        try {
            return Images.mismatch(vm.image(key), image(vm, key)) >= 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String end(String contextId) {
        return contextId.substring(contextId.length() - 8);
    }
}
