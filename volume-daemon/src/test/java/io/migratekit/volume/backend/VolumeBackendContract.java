package io.migratekit.volume.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every back end does, whatever it keeps its volumes in. Each change is asked for twice, the second time by a back
 * end that was just started; and it is killed at every value that it remembers, before and after that is stored, and
 * repeated by one that was just started.
 */
public abstract class VolumeBackendContract extends SnapshotContract {
    private static final int PUTS_MAX = 100;

    /** A call and the checks after it. */
    private interface Call {
        void run();
    }

    /** Prepares a call that is to use a memory. */
    private interface Preparation {
        Call prepare(StepMemory memory);
    }

    @Test
    void completesACreationThatWasKilledAnywhere() {
        killedAnywhere(memory -> {
            Mark mark = mark();
            return () -> {
                BackendVolume made = backend().create(mark, NAME, sizeBytes(), memory);
                assertThat(backend().created(mark)).contains(made);
                assertThat(backend().owned()).containsExactly(made);
            };
        });
    }

    @Test
    void findsAndRemovesWhatAKilledCreationLeft() {
        for (int puts = 0; puts < PUTS_MAX; puts++) {
            Mark mark = mark();
            CutMemory memory = new CutMemory();
            memory.killAfter(puts, true);
            boolean killed = killed(() -> backend().create(mark, NAME, sizeBytes(), memory));
            backend().created(mark).ifPresent(left -> backend().delete(left.id(), memory()));
            assertThat(backend().created(mark)).isEmpty();
            assertThat(backend().owned()).isEmpty();
            if (!killed) {
                return;
            }
        }
    }

    @Test
    void completesAnAttachmentThatWasKilledAnywhere() {
        killedAnywhere(memory -> {
            VolumeId id = volume();
            return () -> {
                Attachment at = backend().attach(id, VolumeRequest.APPLIANCE, false, memory);
                assertThat(found(id).attachment()).contains(at);
                assertThat(backend().image(id).path()).exists();
            };
        });
    }

    @Test
    void completesADetachmentThatWasKilledAnywhere() {
        killedAnywhere(memory -> {
            VolumeId id = volume();
            attach(id);
            return () -> {
                backend().detach(id, memory);
                assertThat(found(id).attachment()).isEmpty();
            };
        });
    }

    @Test
    void completesAGrowthThatWasKilledAnywhere() {
        long largerBytes = backend().roundedBytes(2 * sizeBytes());
        killedAnywhere(memory -> {
            VolumeId id = volume();
            return () -> {
                backend().resize(id, largerBytes, memory);
                assertThat(found(id).sizeBytes()).isEqualTo(largerBytes);
            };
        });
    }

    @Test
    void completesADeletionThatWasKilledAnywhere() {
        killedAnywhere(memory -> {
            VolumeId id = volume();
            return () -> {
                backend().delete(id, memory);
                assertThat(backend().find(id)).isEmpty();
            };
        });
    }

    @Test
    void completesASnapshotThatWasKilledAnywhere() {
        snapshotsOrSkip();
        killedAnywhere(memory -> {
            VolumeId id = usedVolume();
            SnapshotSetId set = set();
            return () -> {
                backend().snapshot(id, set, memory);
                assertThat(found(id).snapshots()).containsExactly(set);
            };
        });
    }

    @Test
    void completesARemovalOfASnapshotThatWasKilledAnywhere() {
        snapshotsOrSkip();
        killedAnywhere(memory -> {
            VolumeId id = usedVolume();
            SnapshotSetId set = set();
            write(id, 0, 1);
            backend().snapshot(id, set, memory());
            return () -> {
                backend().deleteSnapshot(id, set, memory);
                assertThat(found(id).snapshots()).isEmpty();
                assertByte(id, 0, 1);
            };
        });
    }

    @Test
    void completesARevertThatWasKilledAnywhere() {
        snapshotsOrSkip();
        killedAnywhere(memory -> {
            VolumeId id = usedVolume();
            SnapshotSetId set = set();
            write(id, 0, 1);
            backend().snapshot(id, set, memory());
            attach(id);
            write(id, 0, 2);
            return () -> {
                backend().revert(id, set, memory);
                assertByte(id, 0, 1);
                assertThat(backend().image(id).path()).exists();
            };
        });
    }

    @Test
    void completesACloneThatWasKilledAnywhere() {
        snapshotsOrSkip();
        killedAnywhere(memory -> {
            VolumeId id = usedVolume();
            SnapshotSetId set = set();
            write(id, 0, 1);
            backend().snapshot(id, set, memory());
            Mark mark = mark();
            return () -> {
                BackendVolume clone = backend().cloneSnapshot(id, set, mark, "c", memory);
                assertThat(backend().created(mark)).contains(clone);
                assertThat(backend().owned()).hasSize(2);
                assertByte(clone.id(), 0, 1);
            };
        });
    }

    /** Kills a call at every value that it stores, before and after storing; repeats it; and repeats it once more. */
    private void killedAnywhere(Preparation preparation) {
        boolean killed = true;
        for (int puts = 0; killed; puts++) {
            assertThat(puts).as("values that one call remembers").isLessThan(PUTS_MAX);
            killed = killedOnce(preparation, puts, true);
            killed |= killedOnce(preparation, puts, false);
        }
    }

    private boolean killedOnce(Preparation preparation, int puts, boolean lost) {
        CutMemory memory = new CutMemory();
        Call call = preparation.prepare(memory);
        memory.killAfter(puts, lost);
        boolean killed = killed(call);
        memory.revive();
        call.run();
        call.run();
        removeEverything();
        return killed;
    }

    /** Returns whether it was; a process that has just started goes on then. */
    private boolean killed(Call call) {
        try {
            call.run();
            return false;
        } catch (CutMemory.Killed e) {
            reopened();
            return true;
        }
    }

    /** Clones go first: a snapshot may be what one is made of. */
    private void removeEverything() {
        List<BackendVolume> all = backend().owned();
        all.forEach(volume -> backend().detach(volume.id(), memory()));
        all.stream()
                .filter(volume -> volume.snapshots().isEmpty())
                .forEach(volume -> backend().delete(volume.id(), memory()));
        for (BackendVolume volume : backend().owned()) {
            volume.snapshots().forEach(set -> backend().deleteSnapshot(volume.id(), set, memory()));
            backend().delete(volume.id(), memory());
        }
        assertThat(backend().owned()).isEmpty();
    }
}
