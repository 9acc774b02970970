package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Difference;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.VolumeState;
import io.migratekit.volume.backend.Image;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What everybody relies on who lets ledger and reality be compared, in memory. */
abstract class RepairsContract extends LeaseContract {

    @Test
    void findsAnExportThatTheLedgerHasEndedAndLocksItsWriterOut() {
        VolumeId id = create("a");
        attach(id, VolumeRequest.APPLIANCE);
        ExportName name = perform(new VolumeRequest.Export(id, false))
                .export()
                .orElseThrow()
                .name();
        perform(new VolumeRequest.Unexport(id));
        engine.add(name, new Image(Path.of("/memory/" + id), Image.Format.RAW), false);
        only(Difference.Kind.EXPORT_UNKNOWN, name.toString(), false);
        assertThat(engine.names()).as("only told").containsExactly(name);
        only(Difference.Kind.EXPORT_UNKNOWN, name.toString(), true);
        assertThat(engine.names()).isEmpty();
        assertThat(volumes.reconcile(false)).isEmpty();
    }

    @Test
    void tellsEverybodyWhoComparesAtTheSameMoment() throws Exception {
        VolumeId lost = create("lost");
        memory().lose(lost);
        VolumeId served = create("served");
        attach(served, VolumeRequest.APPLIANCE);
        perform(new VolumeRequest.Export(served, false));
        engine.crash();
        assertThat(AtOnce.run(4, number -> volumes.reconcile(false)))
                .allSatisfy(found -> assertThat(found)
                        .extracting(Difference::kind)
                        .containsExactly(Difference.Kind.VOLUME_MISSING, Difference.Kind.EXPORT_MISSING));
    }

    @Test
    void findsASnapshotThatIsGoneAndPretendsNothing() {
        VolumeId id = create("a", "ctx");
        perform(new VolumeRequest.Snapshot("ctx"));
        SnapshotSetId set = volumes.snapshotSets("ctx").get(0).id();
        backend.deleteSnapshot(id, set, Memories.none());
        only(Difference.Kind.SNAPSHOT_MISSING, id.text(), false);
        only(Difference.Kind.SNAPSHOT_MISSING, id.text(), true);
        assertThat(volumes.snapshotSets("ctx")).as("a person decides").hasSize(1);
        perform(new VolumeRequest.DeleteSnapshots(set));
        assertThat(volumes.reconcile(false)).isEmpty();
    }

    @Test
    void aVolumeThatHasShrunkIsInErrorWhateverElseHappensToIt() {
        VolumeId id = create("a");
        backend.resize(id, SIZE_BYTES / 2, Memories.none());
        only(Difference.Kind.SIZE, id.text(), false);
        assertThat(volumes.volume(id).orElseThrow().state()).as("only told").isEqualTo(VolumeState.AVAILABLE);
        backend.attach(id, VolumeRequest.APPLIANCE, false, Memories.none());
        assertThat(volumes.reconcile(true))
                .extracting(Difference::kind)
                .containsExactlyInAnyOrder(Difference.Kind.SIZE, Difference.Kind.ATTACHMENT);
        Volume now = volumes.volume(id).orElseThrow();
        assertThat(now.state()).isEqualTo(VolumeState.ERROR);
        assertThat(now.sizeBytes()).isEqualTo(SIZE_BYTES);
        assertThat(now.attachment()).isPresent();
        refused(() -> perform(new VolumeRequest.Export(id, false)), "it has shrunk");
        perform(new VolumeRequest.Detach(id));
        refused(() -> attach(id, VolumeRequest.APPLIANCE), "it has shrunk");
        refused(() -> perform(new VolumeRequest.Reinstate(id)), "it has %d bytes".formatted(SIZE_BYTES / 2));
    }

    @Test
    void servesNothingOfAVolumeInErrorUntilItIsTakenIntoUseAgain() {
        VolumeId id = create("a");
        attach(id, VolumeRequest.APPLIANCE);
        ExportName name = perform(new VolumeRequest.Export(id, false))
                .export()
                .orElseThrow()
                .name();
        engine.crash();
        backend.resize(id, SIZE_BYTES / 2, Memories.none());
        assertThat(volumes.reconcile(true))
                .satisfiesExactly(size -> assertThat(size.kind()).isEqualTo(Difference.Kind.SIZE), missing -> {
                    assertThat(missing.kind()).isEqualTo(Difference.Kind.EXPORT_MISSING);
                    assertThat(missing.repaired()).isFalse();
                });
        assertThat(daemon.restoreExports()).isZero();
        assertThat(engine.names()).isEmpty();
        backend.resize(id, SIZE_BYTES, Memories.none());
        assertThat(volumes.reconcile(true))
                .allSatisfy(difference -> assertThat(difference.repaired()).isTrue())
                .extracting(Difference::kind)
                .containsExactly(Difference.Kind.VOLUME_RETURNED, Difference.Kind.EXPORT_MISSING);
        assertThat(engine.names()).containsExactly(name);
    }

    @Test
    void endsTheExportOfAVolumeThatSomebodyElseDetached() {
        VolumeId id = create("a");
        attach(id, VolumeRequest.APPLIANCE);
        ExportName name = perform(new VolumeRequest.Export(id, false))
                .export()
                .orElseThrow()
                .name();
        Volume before = volumes.volume(id).orElseThrow();
        memory().moved(id, null);
        only(Difference.Kind.ATTACHMENT, id.text(), false);
        assertThat(volumes.volume(id)).as("only told").contains(before);
        assertThat(engine.names()).containsExactly(name);
        only(Difference.Kind.ATTACHMENT, id.text(), true);
        assertThat(volumes.volume(id).orElseThrow().attachment()).isEmpty();
        assertThat(engine.names()).as("whoever has it now may write it").isEmpty();
        assertThat(volumes.exports()).isEmpty();
        assertThat(volumes.reconcile(false)).isEmpty();
    }

    @Test
    void takesAVolumeIntoUseAgainThatHasComeBack() {
        VolumeId id = create("a", "ctx");
        attach(id, VolumeRequest.APPLIANCE);
        perform(new VolumeRequest.Snapshot("ctx"));
        Volume before = volumes.volume(id).orElseThrow();
        refused(() -> perform(new VolumeRequest.Reinstate(id)), "is not in error");
        memory().lose(id);
        only(Difference.Kind.VOLUME_MISSING, id.text(), true);
        refused(() -> perform(new VolumeRequest.Reinstate(id)), "does not have it");
        memory().bringBack(id);
        only(Difference.Kind.VOLUME_RETURNED, id.text(), false);
        assertThat(volumes.volume(id).orElseThrow().state()).as("only told").isEqualTo(VolumeState.ERROR);
        only(Difference.Kind.VOLUME_RETURNED, id.text(), true);
        Volume now = volumes.volume(id).orElseThrow();
        assertThat(now).usingRecursiveComparison().ignoringFields("generation").isEqualTo(before);
        assertThat(now.generation()).as("replications notice").isGreaterThan(before.generation());
        assertThat(volumes.operations(OperationFilter.newest(1)).get(0).request())
                .as("the journal tells that it was away")
                .isEqualTo(new VolumeRequest.Reinstate(id));
        assertThat(volumes.reconcile(false)).isEmpty();
        perform(new VolumeRequest.Export(id, false));
    }

    @Test
    void takesAVolumeAndAnUntaggedCloneIntoUseAgainOnceTheyAreOurs() {
        VolumeId id = create("a", "ctx");
        create("b", "ctx");
        perform(new VolumeRequest.Snapshot("ctx"));
        perform(new VolumeRequest.CloneSnapshots(
                volumes.snapshotSets("ctx").get(0).id(), "test"));
        for (Volume clone : volumes.volumesOf("test")) {
            memory().own(clone.id(), false);
        }
        memory().own(id, false);
        assertThat(volumes.reconcile(true))
                .hasSize(3)
                .allSatisfy(difference -> assertThat(difference.kind()).isEqualTo(Difference.Kind.VOLUME_NOT_OURS));
        volumes.volumesOf("test").forEach(clone -> memory().own(clone.id(), true));
        memory().own(id, true);
        assertThat(volumes.reconcile(true)).hasSize(3).allSatisfy(difference -> {
            assertThat(difference.kind()).isEqualTo(Difference.Kind.VOLUME_RETURNED);
            assertThat(difference.repaired()).as(difference.detail()).isTrue();
        });
        assertThat(volumes.volumes())
                .allSatisfy(volume -> assertThat(volume.state()).isEqualTo(VolumeState.AVAILABLE));
    }

    @Test
    void leavesAVolumeInErrorInWhosePlaceAnotherHasCome() {
        VolumeId id = create("a");
        memory().lose(id);
        only(Difference.Kind.VOLUME_MISSING, id.text(), true);
        memory().bringAnother(id);
        assertThat(volumes.reconcile(true)).singleElement().satisfies(difference -> {
            assertThat(difference.kind()).isEqualTo(Difference.Kind.VOLUME_NOT_OURS);
            assertThat(difference.owned()).isFalse();
            assertThat(difference.repaired()).isFalse();
            assertThat(difference.detail()).contains("does not carry the mark of the operation that made it");
        });
        assertThat(volumes.volume(id).orElseThrow().state()).isEqualTo(VolumeState.ERROR);
        refused(() -> perform(new VolumeRequest.Reinstate(id)), "may be another volume");
    }

    private void only(Difference.Kind kind, String which, boolean repair) {
        boolean repairable = kind != Difference.Kind.SNAPSHOT_MISSING;
        assertThat(volumes.reconcile(repair)).singleElement().satisfies(difference -> {
            assertThat(difference.kind()).as(difference.detail()).isEqualTo(kind);
            assertThat(difference.which()).isEqualTo(which);
            assertThat(difference.owned()).isTrue();
            assertThat(difference.repaired()).isEqualTo(repair && repairable);
        });
    }
}
