package io.migratekit.volume.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Snapshots of volumes, and what is made of them. */
abstract class SnapshotContract extends VolumeContract {
    @Test
    void takesASnapshotOnce() {
        VolumeId id = snapshottable();
        SnapshotSetId set = set();
        backend().checkSnapshots(List.of(id));
        backend().snapshot(id, set, memory());
        reopened().snapshot(id, set, memory());

        assertThat(found(id).snapshots()).containsExactly(set);
        assertThat(backend().owned().get(0).snapshots()).containsExactly(set);
        assertThat(found(id).sizeBytes()).isEqualTo(sizeBytes());
    }

    @Test
    void takesASnapshotOfWhatWasNeverAttachedOrSaysBeforehandThatItCannot() {
        snapshotsOrSkip();
        VolumeId id = volume();
        SnapshotSetId set = set();
        try {
            backend().checkSnapshots(List.of(id));
        } catch (VolumeException e) {
            assertThat(e.kind()).isEqualTo(Kind.REFUSED);
            assertThat(e).hasMessageContaining(id.text());
            assertThat(found(id).snapshots()).isEmpty();
            return;
        }
        backend().snapshot(id, set, memory());
        assertThat(found(id).snapshots()).containsExactly(set);
    }

    @Test
    void revertsToTheMomentOfTheSnapshotAsOftenAsItIsAsked() {
        VolumeId id = snapshottable();
        SnapshotSetId set = set();
        write(id, 0, 1);
        backend().snapshot(id, set, memory());
        for (int round = 0; round < 3; round++) {
            write(id, 0, 2);
            backend().revert(id, set, memory());
            reopened().revert(id, set, memory());
            assertByte(id, 0, 1);
        }
        assertThat(found(id).snapshots()).containsExactly(set);
    }

    @Test
    void revertsWhatIsAttachedToTheApplianceAndLeavesItAttached() {
        VolumeId id = snapshottable();
        SnapshotSetId set = set();
        Attachment before = attach(id);
        write(id, 0, 1);
        backend().snapshot(id, set, memory());
        write(id, 0, 2);
        backend().revert(id, set, memory());

        assertByte(id, 0, 1);
        assertThat(found(id).attachment().orElseThrow().vmId()).isEqualTo(before.vmId());
        assertThat(backend().image(id).path()).exists();
    }

    @Test
    void revertsToAnyOfSeveralMoments() {
        VolumeId id = snapshottable();
        List<SnapshotSetId> sets = List.of(set(), set(), set());
        for (int i = 0; i < sets.size(); i++) {
            write(id, 0, i + 1);
            backend().snapshot(id, sets.get(i), memory());
        }
        for (int i : new int[] {1, 2, 0, 1}) {
            backend().revert(id, sets.get(i), memory());
            assertByte(id, 0, i + 1);
            write(id, 0, 9);
        }
        assertThat(found(id).snapshots()).containsExactlyInAnyOrderElementsOf(sets);
    }

    @Test
    void removesASnapshotAndTheVolumeKeepsWhatItHolds() {
        VolumeId id = snapshottable();
        SnapshotSetId set = set();
        write(id, 0, 1);
        write(id, 1000, 5);
        backend().snapshot(id, set, memory());
        write(id, 0, 2);
        backend().deleteSnapshot(id, set, memory());
        reopened().deleteSnapshot(id, set, memory());

        assertThat(found(id).snapshots()).isEmpty();
        assertByte(id, 0, 2);
        assertByte(id, 1000, 5);
        assertRefused(Kind.NO_SUCH_THING, () -> backend().revert(id, set, memory()));
        backend().delete(id, memory());
        assertThat(backend().find(id)).isEmpty();
    }

    @Test
    void doesNotRevertToASnapshotThatIsNotThere() {
        VolumeId id = snapshottable();
        assertRefused(Kind.NO_SUCH_THING, () -> backend().revert(id, set(), memory()));
        assertRefused(Kind.NO_SUCH_THING, () -> backend().cloneSnapshot(id, set(), mark(), "c", memory()));
        assertThat(backend().owned()).hasSize(1);
    }

    @Test
    void clonesASnapshotOnceAndLeavesTheOriginalAlone() {
        VolumeId id = snapshottable();
        SnapshotSetId set = set();
        write(id, 0, 1);
        backend().snapshot(id, set, memory());
        write(id, 0, 2);
        Mark mark = mark();
        BackendVolume clone = backend().cloneSnapshot(id, set, mark, "clone", memory());

        assertThat(reopened().cloneSnapshot(id, set, mark, "clone", memory())).isEqualTo(clone);
        assertThat(backend().created(mark)).contains(clone);
        assertThat(backend().owned()).hasSize(2);
        assertThat(clone.name()).isEqualTo("clone");
        assertThat(clone.owned()).isTrue();
        assertThat(clone.sizeBytes()).isEqualTo(sizeBytes());
        assertThat(clone.snapshots()).isEmpty();
        assertThat(clone.id()).isNotEqualTo(id);
        attach(clone.id());
        assertByte(clone.id(), 0, 1);
        write(clone.id(), 0, 3);
        assertByte(id, 0, 2);
        backend().detach(clone.id(), memory());
        backend().revert(id, set, memory());
        assertByte(id, 0, 1);
        assertByte(clone.id(), 0, 3);
        backend().delete(clone.id(), memory());
        assertThat(found(id).snapshots()).containsExactly(set);
    }

    /** Returns a volume whose snapshot can be taken. */
    private VolumeId snapshottable() {
        snapshotsOrSkip();
        return usedVolume();
    }

    final void snapshotsOrSkip() {
        assumeThat(takesSnapshots()).as("snapshots are possible").isTrue();
    }
}
