package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.ExportName;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.Image;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What everybody who asks for snapshot sets relies on, however volumes are reached. Where volumes would go on in images
 * that the engine cannot open, that is that no set is taken at all.
 */
abstract class SnapshotSetsContract extends VolumesFixture {

    /** Tells whether this site takes sets; where it does not, sees to it that one is refused with nothing begun. */
    private boolean setsAreRefused(String context) {
        if (engine.serves(backend.formatAfterSnapshot())) {
            return false;
        }
        refused(() -> perform(new VolumeRequest.Snapshot(context)), "install qemu-storage-daemon");
        assertNoneIsTaken(context);
        return true;
    }

    private void assertNoneIsTaken(String context) {
        assertThat(volumes.snapshotSets(context)).isEmpty();
        assertThat(backend.owned())
                .allSatisfy(volume -> assertThat(volume.snapshots()).isEmpty());
    }

    private SnapshotSetId snapshot(String context) {
        perform(new VolumeRequest.Snapshot(context));
        List<SnapshotSet> sets = volumes.snapshotSets(context);
        return sets.get(sets.size() - 1).id();
    }

    @Test
    void takesASetOfSnapshotsOrNone() {
        VolumeId one = used("a", "ctx");
        VolumeId two = used("b", "ctx");
        if (setsAreRefused("ctx")) {
            return;
        }
        backend.fail("snapshot b", Kind.FAILED);
        assertThatThrownBy(() -> perform(new VolumeRequest.Snapshot("ctx"))).hasMessageContaining("cannot snapshot b");
        assertNoneIsTaken("ctx");
        backend.heal();
        perform(new VolumeRequest.Snapshot("ctx"));
        SnapshotSet set = volumes.snapshotSets("ctx").get(0);
        assertThat(set.state()).isEqualTo(SnapshotSet.State.READY);
        assertThat(set.volumes()).containsExactlyInAnyOrder(one, two);
        assertThat(backend.owned())
                .allSatisfy(volume -> assertThat(volume.snapshots()).containsExactly(set.id()));
        refused(() -> perform(new VolumeRequest.Delete(one)), "while it is in snapshot set " + set.id());
    }

    @Test
    void putsAllVolumesBackAndCompletesAHalfDoneRevert() {
        VolumeId one = used("a", "ctx");
        VolumeId two = used("b", "ctx");
        if (setsAreRefused("ctx")) {
            return;
        }
        writeBoth(one, two, 1);
        SnapshotSetId set = snapshot("ctx");
        writeBoth(one, two, 2);
        String last = one.compareTo(two) < 0 ? "b" : "a";
        backend.fail("revert " + last, Kind.FAILED);
        assertThatThrownBy(() -> perform(new VolumeRequest.Revert(set)))
                .hasMessageContaining("Left as it is: ")
                .hasMessageContaining("revert volume " + (last.equals("b") ? one : two));
        assertThat(volumes.snapshotSets("ctx").get(0).state()).isEqualTo(SnapshotSet.State.REVERTING);
        refused(() -> perform(new VolumeRequest.DeleteSnapshots(set)), "needed to complete a revert");
        backend.heal();
        perform(new VolumeRequest.Revert(set));
        assertThat(List.of(site.read(one), site.read(two))).containsOnly(1);
        assertThat(volumes.snapshotSets("ctx").get(0).state()).isEqualTo(SnapshotSet.State.READY);
        perform(new VolumeRequest.DeleteSnapshots(set));
        assertNoneIsTaken("ctx");
        assertThat(List.of(site.read(one), site.read(two))).containsOnly(1);
        assertThat(volumes.reconcile(false)).isEmpty();
    }

    private void writeBoth(VolumeId one, VolumeId two, int value) {
        site.write(one, value);
        site.write(two, value);
    }

    @Test
    void refusesSnapshotsAndRevertsOfWhatIsExported() {
        VolumeId id = create("a", "ctx");
        attach(id, VolumeRequest.APPLIANCE);
        if (setsAreRefused("ctx")) {
            return;
        }
        SnapshotSetId set = snapshot("ctx");
        perform(new VolumeRequest.Export(id, false));
        refused(() -> perform(new VolumeRequest.Snapshot("ctx")), "cannot be snapshotted while it is exported");
        refused(() -> perform(new VolumeRequest.Revert(set)), "cannot be reverted while it is exported");
        refused(
                () -> perform(new VolumeRequest.DeleteSnapshots(set)),
                "cannot be freed of a snapshot while it is exported");
    }

    @Test
    void refusesToChangeWhatAnotherVmMayRunFrom() {
        VolumeId id = used("a", "ctx");
        if (setsAreRefused("ctx")) {
            return;
        }
        SnapshotSetId set = snapshot("ctx");
        attach(id, site.otherVm());
        String words = "while VM %s has it; detach it first".formatted(site.otherVm());
        refused(() -> perform(new VolumeRequest.Snapshot("ctx")), "cannot be snapshotted " + words);
        refused(() -> perform(new VolumeRequest.Revert(set)), "cannot be reverted " + words);
        refused(() -> perform(new VolumeRequest.DeleteSnapshots(set)), "cannot be freed of a snapshot " + words);
        refused(() -> perform(new VolumeRequest.Resize(id, 2 * sizeBytes)), "cannot be resized " + words);
        assertThat(volumes.snapshotSets("ctx"))
                .singleElement()
                .satisfies(left -> assertThat(left.state()).isEqualTo(SnapshotSet.State.READY));
        perform(new VolumeRequest.Detach(id));
        perform(new VolumeRequest.Revert(set));
    }

    @Test
    void clonesNothingIfThereIsNoRoomForTheWholeSetAndResizesNothingThatDoesNotFit() {
        VolumeId one = used("a", "ctx");
        used("b", "ctx");
        if (setsAreRefused("ctx")) {
            return;
        }
        SnapshotSetId set = snapshot("ctx");
        int before = volumes.operations(OperationFilter.newest(100)).size();
        backend.room(2 * sizeBytes - 1); // for each of them, and not for both
        for (VolumeRequest request : List.of(
                new VolumeRequest.CloneSnapshots(set, "test-1"), new VolumeRequest.Resize(one, 4 * sizeBytes))) {
            assertThatThrownBy(() -> perform(request))
                    .isInstanceOfSatisfying(
                            VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_ROOM))
                    .hasMessageContaining("there is room for %d bytes".formatted(2 * sizeBytes - 1));
        }
        assertThat(volumes.operations(OperationFilter.newest(100)))
                .as("refused before anything was accepted")
                .hasSize(before);
        assertThat(backend.owned()).hasSize(2);
        assertThat(volumes.volume(one).orElseThrow().sizeBytes()).isEqualTo(sizeBytes);
        backend.room(2 * sizeBytes);
        perform(new VolumeRequest.CloneSnapshots(set, "test-1"));
        assertThat(volumes.volumesOf("test-1")).hasSize(2);
    }

    @Test
    void refusesWhatItsEngineCouldNotServeAndEndsNothingForIt() {
        VolumeId id = create("a", "ctx");
        attach(id, VolumeRequest.APPLIANCE);
        engine.rawOnly(true);
        if (!setsAreRefused("ctx")) {
            staysServable(id);
        } else if (site.engine().serves(backend.formatAfterSnapshot())
                && backend.image(id).format() == Image.Format.RAW) {
            refusesWhatIsNotServableAnyMore(id);
        }
    }

    private void staysServable(VolumeId id) {
        snapshot("ctx");
        assertThat(backend.image(id).format()).isEqualTo(backend.formatAfterSnapshot());
        ExportName name = perform(new VolumeRequest.Export(id, false))
                .export()
                .orElseThrow()
                .name();
        assertThat(engine.names()).containsExactly(name);
    }

    private void refusesWhatIsNotServableAnyMore(VolumeId id) {
        perform(new VolumeRequest.Export(id, false));
        Set<ExportName> served = engine.names();
        backend.snapshot(id, new SnapshotSetId("set-" + UUID.randomUUID()), Memories.none());
        refused(() -> perform(new VolumeRequest.Export(id, false)), "is a QCOW2 image");
        assertThat(engine.names()).as("the older one goes on").isEqualTo(served);
        assertThat(volumes.export(id).orElseThrow().name()).isIn(served);
    }

    @Test
    void clonesASetOrNothing() {
        VolumeId one = used("a", "ctx");
        used("b", "ctx");
        if (setsAreRefused("ctx")) {
            return;
        }
        site.write(one, 1);
        SnapshotSetId set = snapshot("ctx");
        site.write(one, 2);
        backend.fail("clone b", Kind.FAILED);
        assertThatThrownBy(() -> perform(new VolumeRequest.CloneSnapshots(set, "test-1")))
                .hasMessageContaining("cannot clone b");
        assertThat(volumes.volumesOf("test-1")).isEmpty();
        assertThat(backend.owned()).hasSize(2);
        backend.heal();
        perform(new VolumeRequest.CloneSnapshots(set, "test-1"));
        List<Volume> clones = volumes.volumesOf("test-1");
        assertThat(clones)
                .hasSize(2)
                .allSatisfy(clone -> assertThat(clone.cloneOf()).contains(set));
        assertThat(clones)
                .filteredOn(clone -> clone.name().startsWith("a "))
                .singleElement()
                .satisfies(clone -> assertThat(site.read(clone.id())).isEqualTo(1));
        refused(() -> perform(new VolumeRequest.DeleteSnapshots(set)), "cloned from it, exists");
        clones.forEach(clone -> perform(new VolumeRequest.Delete(clone.id())));
        perform(new VolumeRequest.DeleteSnapshots(set));
        assertThat(volumes.reconcile(false)).isEmpty();
    }
}
