package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.ExportName;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What everybody who asks for snapshot sets relies on, however volumes are reached. */
abstract class SnapshotSetsContract extends LeaseContract {

    @Test
    void takesASetOfSnapshotsOrNone() {
        VolumeId one = create("a", "ctx");
        VolumeId two = create("b", "ctx");
        backend.fail("snapshot b", Kind.FAILED);
        assertThatThrownBy(() -> perform(new VolumeRequest.Snapshot("ctx"))).hasMessageContaining("cannot snapshot b");
        assertThat(volumes.snapshotSets("ctx")).isEmpty();
        assertThat(backend.owned())
                .allSatisfy(volume -> assertThat(volume.snapshots()).isEmpty());
        backend.heal();
        perform(new VolumeRequest.Snapshot("ctx"));
        SnapshotSet set = volumes.snapshotSets("ctx").get(0);
        assertThat(set.state()).isEqualTo(SnapshotSet.State.READY);
        assertThat(set.volumes()).containsExactlyInAnyOrder(one, two);
        refused(() -> perform(new VolumeRequest.Delete(one)), "while it is in snapshot set " + set.id());
    }

    @Test
    void putsAllVolumesBackAndCompletesAHalfDoneRevert() {
        VolumeId one = create("a", "ctx");
        VolumeId two = create("b", "ctx");
        backend.write(one, "before");
        backend.write(two, "before");
        perform(new VolumeRequest.Snapshot("ctx"));
        SnapshotSetId set = volumes.snapshotSets("ctx").get(0).id();
        backend.write(one, "after");
        backend.write(two, "after");
        String last = one.compareTo(two) < 0 ? "b" : "a";
        backend.fail("revert " + last, Kind.FAILED);
        assertThatThrownBy(() -> perform(new VolumeRequest.Revert(set)))
                .hasMessageContaining("Left as it is: ")
                .hasMessageContaining("revert volume " + (last.equals("b") ? one : two));
        assertThat(volumes.snapshotSets("ctx").get(0).state()).isEqualTo(SnapshotSet.State.REVERTING);
        refused(() -> perform(new VolumeRequest.DeleteSnapshots(set)), "needed to complete a revert");
        backend.heal();
        perform(new VolumeRequest.Revert(set));
        assertThat(List.of(backend.content(one), backend.content(two))).containsOnly("before");
        assertThat(volumes.snapshotSets("ctx").get(0).state()).isEqualTo(SnapshotSet.State.READY);
        perform(new VolumeRequest.DeleteSnapshots(set));
        assertThat(volumes.snapshotSets("ctx")).isEmpty();
    }

    @Test
    void refusesSnapshotsAndRevertsOfWhatIsExported() {
        VolumeId id = create("a", "ctx");
        attach(id, VolumeRequest.APPLIANCE);
        perform(new VolumeRequest.Snapshot("ctx"));
        perform(new VolumeRequest.Export(id, false));
        refused(() -> perform(new VolumeRequest.Snapshot("ctx")), "cannot be snapshotted while it is exported");
        SnapshotSetId set = volumes.snapshotSets("ctx").get(0).id();
        refused(() -> perform(new VolumeRequest.Revert(set)), "cannot be reverted while it is exported");
    }

    @Test
    void refusesWhatItsEngineCouldNotServeAndEndsNothingForIt() {
        VolumeId id = create("a", "ctx");
        attach(id, VolumeRequest.APPLIANCE);
        engine.rawOnly(true);
        refused(() -> perform(new VolumeRequest.Snapshot("ctx")), "install qemu-storage-daemon");
        assertThat(volumes.snapshotSets("ctx")).isEmpty();
        perform(new VolumeRequest.Export(id, false));
        Set<ExportName> served = engine.names();
        backend.snapshot(id, new SnapshotSetId("set-" + UUID.randomUUID()), Memories.none());
        refused(() -> perform(new VolumeRequest.Export(id, false)), "is a QCOW2 image");
        assertThat(engine.names()).as("the older one goes on").isEqualTo(served);
        assertThat(volumes.export(id).orElseThrow().name()).isIn(served);
    }

    @Test
    void clonesASetOrNothing() {
        VolumeId one = create("a", "ctx");
        create("b", "ctx");
        backend.write(one, "before");
        perform(new VolumeRequest.Snapshot("ctx"));
        SnapshotSetId set = volumes.snapshotSets("ctx").get(0).id();
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
        refused(() -> perform(new VolumeRequest.DeleteSnapshots(set)), "cloned from it, exists");
        clones.forEach(clone -> perform(new VolumeRequest.Delete(clone.id())));
        perform(new VolumeRequest.DeleteSnapshots(set));
    }
}
