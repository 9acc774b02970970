package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Difference;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.VolumeState;
import io.migratekit.volume.backend.Mark;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What everybody relies on who compares the ledger with what is there, however volumes are reached. */
abstract class ReconcileContract extends SnapshotSetsContract {

    @Test
    void listsEveryDifferenceAndRepairsOnlyWhatIsItsOwn() {
        VolumeId lost = create("lost");
        VolumeId moved = create("moved");
        VolumeId grown = create("grown");
        VolumeId served = create("served");
        attach(served, VolumeRequest.APPLIANCE);
        perform(new VolumeRequest.Export(served, false));
        VolumeId stranger = backend.create(new Mark("stranger"), "stranger", sizeBytes, Memories.none())
                .id();
        assertThat(volumes.reconcile(false)).extracting(Difference::which).containsExactly(stranger.text());
        assertThat(volumes.health()).as("a stranger is told of, and no fault").satisfies(health -> {
            assertThat(health.healthy()).isTrue();
            assertThat(health.checks())
                    .anySatisfy(check -> assertThat(check.detail()).contains("VOLUME_UNKNOWN " + stranger));
        });
        backend.delete(lost, Memories.none());
        backend.attach(moved, site.otherVm(), false, Memories.none());
        backend.resize(grown, 8 * sizeBytes, Memories.none());
        engine.crash();
        assertThat(volumes.health().healthy()).as("an export is not served").isFalse();
        assertThat(volumes.reconcile(false))
                .allSatisfy(difference -> assertThat(difference.repaired()).isFalse());
        assertThat(volumes.reconcile(true))
                .extracting(Difference::kind)
                .containsExactlyInAnyOrder(
                        Difference.Kind.VOLUME_MISSING,
                        Difference.Kind.ATTACHMENT,
                        Difference.Kind.SIZE,
                        Difference.Kind.EXPORT_MISSING,
                        Difference.Kind.VOLUME_UNKNOWN);
        assertThat(volumes.volume(lost).orElseThrow().state()).isEqualTo(VolumeState.ERROR);
        assertThat(volumes.volume(moved).orElseThrow().attachment()).isPresent();
        assertThat(volumes.volume(grown).orElseThrow().sizeBytes()).isEqualTo(8 * sizeBytes);
        assertThat(backend.find(stranger)).as("nothing is ever deleted").isPresent();
        assertThat(volumes.reconcile(false))
                .extracting(Difference::kind)
                .containsExactlyInAnyOrder(Difference.Kind.VOLUME_MISSING, Difference.Kind.VOLUME_UNKNOWN);
        assertThat(volumes.health().checks())
                .filteredOn(check -> !check.passed())
                .singleElement()
                .satisfies(check -> assertThat(check.detail())
                        .startsWith("1 differences")
                        .contains("VOLUME_MISSING " + lost)
                        .doesNotContain(stranger.text()));
    }

    @Test
    void takesNothingOverFromAVolumeThatLostItsTag() {
        VolumeId id = create("a");
        backend.resize(id, 8 * sizeBytes, Memories.none());
        backend.attach(id, site.otherVm(), false, Memories.none());
        site.own(id, false);
        assertThat(volumes.reconcile(false)).singleElement().satisfies(difference -> {
            assertThat(difference.kind()).isEqualTo(Difference.Kind.VOLUME_NOT_OURS);
            assertThat(difference.owned()).isFalse();
            assertThat(difference.detail()).contains("does not carry our tag");
        });
        assertThat(volumes.volume(id).orElseThrow().state()).isEqualTo(VolumeState.AVAILABLE);
        assertThat(volumes.reconcile(true))
                .extracting(Difference::kind)
                .containsExactly(Difference.Kind.VOLUME_NOT_OURS);
        Volume now = volumes.volume(id).orElseThrow();
        assertThat(now.state()).isEqualTo(VolumeState.ERROR);
        assertThat(now.sizeBytes()).isEqualTo(sizeBytes);
        assertThat(now.attachment()).isEmpty();
        refused(() -> attach(id, VolumeRequest.APPLIANCE), "it carries our tag no more");
    }

    @Test
    void leavesAloneWhatLosesItsTagWhileItIsAttached() {
        VolumeId id = create("a");
        attach(id, VolumeRequest.APPLIANCE);
        site.own(id, false);
        for (VolumeRequest request : List.of(new VolumeRequest.Export(id, false), new VolumeRequest.Detach(id))) {
            Operation ended =
                    volumes.await(volumes.submit(request.type(), request).id(), PATIENCE);
            assertThat(ended.status()).as(request.type()).isEqualTo(OperationStatus.FAILED);
            assertThat(ended.failure()).isEqualTo(VolumeException.Kind.REFUSED);
            assertThat(ended.error().orElseThrow()).contains(id.text());
        }
        assertThat(engine.names()).isEmpty();
        assertThat(volumes.volume(id).orElseThrow().attachment()).isPresent();
        assertThat(backend.find(id).orElseThrow().attachment()).isPresent();
        site.own(id, true);
        perform(new VolumeRequest.Export(id, false));
        perform(new VolumeRequest.Unexport(id));
        perform(new VolumeRequest.Detach(id));
        assertThat(volumes.reconcile(false)).isEmpty();
    }
}
