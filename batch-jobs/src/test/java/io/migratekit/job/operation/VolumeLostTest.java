package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.Replication.Fallback;
import io.migratekit.job.JobException;
import io.migratekit.job.Mode;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.source.lab.LabVm;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeRequest;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a VM whose volumes were deleted, or given to another VM. */
final class VolumeLostTest extends VolumeTargetsFixture {

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
        assertThat(app.get(MachineCatalog.class).targetChanges(machine(vm)))
                .singleElement()
                .satisfies(change -> assertThat(change.text())
                        .contains("volume %s was deleted by operation op-".formatted(first.id())));
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
        assertThat(machine(vm).status()).isEqualTo(Machine.READY);
        perform(new VolumeRequest.Attach(volume.id(), "vm-77", false));
        assertThat(app.get(MachineCatalog.class).list())
                .extracting(Machine::status)
                .containsExactly(Machine.TARGETS_CHANGED);

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

        assertThat(machine(vm).status()).isEqualTo(Machine.TARGETS_CHANGED);
        ReplicationResult full = LabFixture.start(app, vm.name()).result();
        assertThat(machine(vm).status()).isEqualTo(Machine.READY);
        vm.churn(9, 2);
        ReplicationResult incremental = LabFixture.start(app, vm.name()).result();

        assertThat(codes(full)).contains("fallback");
        assertThat(codes(incremental)).doesNotContain("fallback");
        assertThat(differences(vm)).isEmpty();
    }
}
