package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.VolumeState;
import io.migratekit.volume.backend.BackendVolume;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What everybody who asks for volumes relies on, however they are reached. */
abstract class VolumesContract extends ReconcileContract {

    @Test
    void makesAVolumeOnceForOneKey() {
        VolumeRequest request = new VolumeRequest.Create("web01-1", sizeBytes + 512, Optional.of("ctx-1"));
        Operation first = volumes.perform("key", request, PATIENCE);
        Operation again = volumes.perform("key", request, PATIENCE);
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(backend.owned()).hasSize(1);
        Volume volume = volumes.volume(first.volume()).orElseThrow();
        assertThat(volume.sizeBytes()).as("rounded up, never down").isEqualTo(sizeBytes + site.unitBytes());
        assertThat(volume.state()).isEqualTo(VolumeState.AVAILABLE);
        assertThat(volumes.volumesOf("ctx-1")).containsExactly(volume);
        assertThat(volumes.operations(
                        new OperationFilter(Optional.of(volume.id()), Optional.of(OperationStatus.COMPLETED), 5)))
                .hasSize(1);
    }

    @Test
    void refusesAKeyThatBelongsToAnotherRequest() {
        volumes.perform("key", new VolumeRequest.Create("a", sizeBytes, Optional.empty()), PATIENCE);
        refused(() -> volumes.submit("key", new VolumeRequest.Create("b", sizeBytes, Optional.empty())), "another key");
    }

    @Test
    void refusesASecondVolumeOfOneName() {
        create("a");
        refused(() -> create("a"), "there is a volume 'a' already");
    }

    @Test
    void refusesWhatDoesNotFitBeforeAnythingIsMade() {
        VolumeRequest large = new VolumeRequest.Create("large", site.tooLargeBytes(), Optional.empty());
        assertThatThrownBy(() -> perform(large))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_ROOM));
        assertThat(backend.owned()).isEmpty();
        assertThat(volumes.operations(OperationFilter.newest(10))).isEmpty();
    }

    @Test
    void attachesOnceAndProtectsWhatIsAttached() {
        VolumeId id = create("a");
        attach(id, VolumeRequest.APPLIANCE);
        Volume volume = volumes.volume(id).orElseThrow();
        Attachment at = volume.attachment().orElseThrow();
        assertThat(at.mode()).isEqualTo(ExportMode.OMA);
        assertThat(at.vmId()).isEqualTo(site.appliance());
        assertThat(volumes.volumeAt(at.devicePath().orElseThrow())).contains(volume);
        assertThat(backend.find(id).orElseThrow().attachment()).contains(at);
        refused(
                () -> attach(id, VolumeRequest.APPLIANCE),
                "cannot be attached while it is attached to VM " + site.appliance());
        refused(() -> attach(id, site.otherVm()), "detach it first");
        refused(() -> perform(new VolumeRequest.Delete(id)), "cannot be deleted while it is attached");
        perform(new VolumeRequest.Detach(id));
        refused(() -> perform(new VolumeRequest.Detach(id)), "attached to no VM");
        perform(new VolumeRequest.Delete(id));
        assertThat(volumes.volumes()).isEmpty();
        assertThat(backend.owned()).isEmpty();
    }

    @Test
    void leavesAVolumeToTheVmThatSomebodyGaveItTo() {
        VolumeId id = create("a");
        site.backend().attach(id, site.otherVm(), false, Memories.none());
        refused(() -> attach(id, VolumeRequest.APPLIANCE), "attached to VM " + site.otherVm());
        refused(() -> perform(new VolumeRequest.Attach(id, site.otherVm(), true)), "attached to VM " + site.otherVm());
        assertThat(backend.find(id).flatMap(BackendVolume::attachment).map(Attachment::vmId))
                .contains(site.otherVm());
        assertThat(volumes.volume(id).orElseThrow().attachment()).isEmpty();
        assertThat(generation(id)).as("that VM may have written to it").isPositive();
    }

    @Test
    void countsWhenAVolumeMayHoldSomethingElseThanWhatItsExportsWrote() {
        VolumeId id = create("a");
        attach(id, VolumeRequest.APPLIANCE);
        perform(new VolumeRequest.Export(id, false));
        perform(new VolumeRequest.Unexport(id));
        perform(new VolumeRequest.Detach(id));
        assertThat(generation(id)).isZero();
        attach(id, site.otherVm());
        long given = generation(id);
        assertThat(given).isPositive();
        perform(new VolumeRequest.Detach(id));
        site.backend().attach(id, site.otherVm(), false, Memories.none());
        volumes.reconcile(true);
        long taken = generation(id);
        assertThat(taken).as("by hand, and seen by a comparison").isGreaterThan(given);
        perform(new VolumeRequest.Detach(id));
        assertThat(generation(id)).isEqualTo(taken);
        site.own(id, false);
        volumes.reconcile(true);
        assertThat(generation(id)).as("nobody knows whose it was").isGreaterThan(taken);
    }

    private long generation(VolumeId id) {
        return volumes.volume(id).orElseThrow().generation();
    }

    @Test
    void namesWhatDoesNotExist() {
        VolumeId nobody = VolumeId.random();
        for (VolumeRequest request : List.of(
                new VolumeRequest.Attach(nobody, "vm", false),
                new VolumeRequest.Detach(nobody),
                new VolumeRequest.Delete(nobody),
                new VolumeRequest.Resize(nobody, 512),
                new VolumeRequest.Export(nobody, false),
                new VolumeRequest.Unexport(nobody),
                new VolumeRequest.Reinstate(nobody),
                new VolumeRequest.Snapshot("nobody"),
                new VolumeRequest.Revert(new SnapshotSetId("set-" + UUID.randomUUID())))) {
            assertThatThrownBy(() -> perform(request))
                    .as(request.type())
                    .isInstanceOfSatisfying(
                            VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_SUCH_THING));
        }
    }

    @Test
    void givesEveryExportAnEpochAndLocksTheOlderWriterOut() {
        VolumeId id = create("a");
        refused(
                () -> perform(new VolumeRequest.Export(id, false)),
                "it is attached to no VM; attach it to 'oma' first");
        attach(id, VolumeRequest.APPLIANCE);
        VolumeExport first =
                perform(new VolumeRequest.Export(id, false)).export().orElseThrow();
        VolumeExport second =
                perform(new VolumeRequest.Export(id, false)).export().orElseThrow();
        assertThat(first.name()).hasToString("vol-%s-e1".formatted(id));
        assertThat(second.name()).hasToString("vol-%s-e2".formatted(id));
        assertThat(engine.names()).containsExactly(second.name());
        assertThat(volumes.export(id)).contains(second);
        refused(() -> perform(new VolumeRequest.Detach(id)), "cannot be detached while it is exported");
        refused(() -> perform(new VolumeRequest.Delete(id)), "cannot be deleted while it is exported");
        refused(() -> perform(new VolumeRequest.Resize(id, 2 * sizeBytes)), "cannot be resized while it is exported");
        perform(new VolumeRequest.Unexport(id));
        assertThat(engine.names()).isEmpty();
        refused(() -> perform(new VolumeRequest.Unexport(id)), "is not exported");
        assertThat(perform(new VolumeRequest.Export(id, false))
                        .export()
                        .orElseThrow()
                        .name()
                        .epoch())
                .isEqualTo(3);
    }

    @Test
    void whoEndsAnExportOfHisOwnLeavesItsSuccessorAlone() {
        VolumeId id = create("a");
        attach(id, VolumeRequest.APPLIANCE);
        VolumeExport first =
                perform(new VolumeRequest.Export(id, false)).export().orElseThrow();
        VolumeExport second =
                perform(new VolumeRequest.Export(id, false)).export().orElseThrow();
        perform(new VolumeRequest.Unexport(first.name()));
        assertThat(engine.names()).containsExactly(second.name());
        assertThat(volumes.export(id)).contains(second);
        perform(new VolumeRequest.Unexport(second.name()));
        assertThat(engine.names()).isEmpty();
        assertThat(volumes.export(id)).isEmpty();
    }

    @Test
    void neverExportsWhatAnotherVmHas() {
        VolumeId id = create("a");
        String vm = site.otherVm();
        attach(id, vm);
        refused(() -> perform(new VolumeRequest.Export(id, false)), "VM %s has it".formatted(vm));
    }

    @Test
    void growsAndNeverShrinks() {
        VolumeId id = create("a");
        perform(new VolumeRequest.Resize(id, 2 * sizeBytes));
        assertThat(volumes.volume(id).orElseThrow().sizeBytes()).isEqualTo(2 * sizeBytes);
        refused(() -> perform(new VolumeRequest.Resize(id, sizeBytes)), "a volume only grows");
    }

    @Test
    void triesAgainWhileTheBackEndDoesNotAnswerAndThenSaysSo() {
        backend.fail("create", Kind.UNAVAILABLE);
        Operation waiting = volumes.submit("key", new VolumeRequest.Create("a", sizeBytes, Optional.empty()));
        backend.heal();
        assertThat(volumes.await(waiting.id(), PATIENCE).status()).isEqualTo(OperationStatus.COMPLETED);
        backend.fail("create", Kind.UNAVAILABLE);
        assertThatThrownBy(() -> create("b"))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE));
        assertThat(volumes.volumes()).hasSize(1);
    }

    @Test
    void aFailedExportLeavesNoneBehind() {
        VolumeId id = create("a");
        attach(id, VolumeRequest.APPLIANCE);
        engine.breakDown(true);
        assertThatThrownBy(() -> perform(new VolumeRequest.Export(id, false))).hasMessageContaining("engine is broken");
        assertThat(volumes.export(id)).isEmpty();
        perform(new VolumeRequest.Detach(id));
    }

    @Test
    void waitsForWhatIsAheadOnTheSameVolume() {
        VolumeId id = create("a");
        Operation attach = volumes.submit("1", new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false));
        Operation export = volumes.submit("2", new VolumeRequest.Export(id, false));
        assertThat(volumes.await(export.id(), PATIENCE).status()).isEqualTo(OperationStatus.COMPLETED);
        assertThat(volumes.operation(attach.id()).status()).isEqualTo(OperationStatus.COMPLETED);
    }

    @Test
    void refusesWhatIsMalformed() {
        VolumeRequest request = new VolumeRequest.Create("a", sizeBytes, Optional.empty());
        assertThatThrownBy(() -> volumes.submit("x".repeat(192), request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("192 characters");
        assertThat(volumes.operations(OperationFilter.newest(10))).isEmpty();
    }

    @Test
    void findsWhatIsThereAndSaysWhatIsNot() {
        VolumeId id = create("Größe 1/2 & 100 %", "vm ü/7?&%20+");
        Volume volume = volumes.volume(id).orElseThrow();
        assertThat(volume.name()).isEqualTo("Größe 1/2 & 100 %");
        assertThat(volumes.volumesOf("vm ü/7?&%20+")).containsExactly(volume);
        assertThat(volumes.volumes()).containsExactly(volume);
        assertThat(volumes.volume(VolumeId.random())).isEmpty();
        assertThat(volumes.volumesOf("nobody")).isEmpty();
        assertThat(volumes.volumeAt("/dev/nothing + else")).isEmpty();
        assertThat(volumes.export(id)).isEmpty();
        assertThat(volumes.exports()).isEmpty();
        assertThat(volumes.snapshotSets("nobody")).isEmpty();
        OperationId nobody = new OperationId("op-" + UUID.randomUUID());
        assertThatThrownBy(() -> volumes.operation(nobody))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_SUCH_THING))
                .hasMessageContaining(nobody.text());
    }

    @Test
    void waitsNoLongerThanItIsAskedTo() {
        VolumeId id = create("a");
        Operation waiting = backend.standingStill(() -> {
            Operation accepted = volumes.submit("key", new VolumeRequest.Attach(id, VolumeRequest.APPLIANCE, false));
            assertThat(volumes.await(accepted.id(), Duration.ofMillis(20))
                            .status()
                            .ended())
                    .isFalse();
            return accepted;
        });
        Operation ended = volumes.await(waiting.id(), PATIENCE);
        assertThat(ended.steps()).extracting(step -> step.state()).containsOnly(Operation.Step.State.COMPLETED);
        assertThat(ended.completedAt()).isPresent();
        assertThat(volumes.operation(waiting.id())).isEqualTo(ended);
    }

    @Test
    void tellsHowItIs() {
        assertThat(volumes.health().healthy()).isTrue();
        backend.fail("check", Kind.UNAVAILABLE);
        assertThat(volumes.health().healthy()).isFalse();
        assertThat(volumes.health().checks())
                .filteredOn(check -> !check.passed())
                .singleElement()
                .satisfies(check -> assertThat(check.detail()).isEqualTo("the back end cannot check"));
    }
}
