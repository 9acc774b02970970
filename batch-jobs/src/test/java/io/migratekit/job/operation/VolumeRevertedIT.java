package io.migratekit.job.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.job.JobException;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.job.replication.TargetChange;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.source.lab.LabVm;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a VM whose volumes were put back to an earlier moment. */
@NeedsPeer({"qemu-img", "qemu-storage-daemon"})
final class VolumeRevertedIT extends VolumeTargetsFixture {

    @Override
    String engine() {
        return "qemu";
    }

    @Override
    String format() {
        return "qcow2";
    }

    @Test
    void isReadyForNothingUntilItIsReplicatedAgain() throws Exception {
        LabVm vm = add("web01", 4 * MIB, 2 * MIB);
        LabFixture.start(app, vm.name()).result();
        SnapshotSetId set = perform(new VolumeRequest.Snapshot(machine(vm).contextId()))
                .snapshotSet()
                .orElseThrow();
        vm.churn(3, 2);
        LabFixture.start(app, vm.name()).result();
        assertThat(machine(vm).status()).as("a snapshot changes nothing").isEqualTo(Machine.READY);

        String operation = perform(new VolumeRequest.Revert(set)).id().text();
        assertThat(machine(vm).status()).isEqualTo(Machine.TARGETS_CHANGED);
        List<TargetChange> changes = app.get(MachineCatalog.class).targetChanges(machine(vm));
        assertThat(changes)
                .hasSize(2)
                .allSatisfy(change -> assertThat(change.text())
                        .contains("was put back to snapshot set %s by operation %s".formatted(set, operation)));
        assertThatThrownBy(() -> verify(vm))
                .isInstanceOf(JobException.Refused.class)
                .hasMessageContaining("VM 'web01' cannot be verified")
                .hasMessageContaining(operation);
        ReplicationResult full = LabFixture.start(app, vm.name()).result();
        assertThat(codes(full)).contains("fallback");
        assertThat(machine(vm).status()).isEqualTo(Machine.READY);
        vm.churn(5, 1);
        assertThat(codes(LabFixture.start(app, vm.name()).result())).doesNotContain("fallback");
        assertThat(app.get(MachineCatalog.class).targetChanges(machine(vm))).isEmpty();
    }
}
