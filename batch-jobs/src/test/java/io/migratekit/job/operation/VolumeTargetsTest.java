package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.JobException;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.job.verification.VerificationResult;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.source.lab.LabVm;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Replications onto volumes that the job makes itself, through the volume daemon alone. */
final class VolumeTargetsTest extends VolumeTargetsFixture {

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
}
