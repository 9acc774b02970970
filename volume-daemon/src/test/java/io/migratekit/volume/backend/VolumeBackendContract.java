package io.migratekit.volume.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every back end does. Each change is asked for twice, the second time by a back end that was just started. */
public abstract class VolumeBackendContract {
    private static final long WISH_BYTES = 2 << 20;
    private static final String NAME = "db 01 'ä\" $(x)";

    private VolumeBackend backend;

    /** Reads and writes what volumes hold, past the back end. */
    public interface Content {
        /** Sets the byte at an offset. */
        void write(VolumeId id, long offsetBytes, int value);

        /** Returns the byte at an offset, 0 to 255. */
        int read(VolumeId id, long offsetBytes);
    }

    /** Opens the back end, as a process does that has just started; one that was opened before is not used any more. */
    protected abstract VolumeBackend open();

    /** Returns the name of a VM that volumes can be attached to, other than the appliance. */
    protected String vm() {
        return "vm-1";
    }

    /** Tells whether snapshots can be taken at all. */
    protected boolean takesSnapshots() {
        return true;
    }

    /** Returns how to look into volumes; without it the contract does not. */
    protected Optional<Content> content() {
        return Optional.empty();
    }

    @BeforeEach
    final void openFirst() {
        backend = open();
    }

    /** Returns the back end that was opened last. */
    protected final VolumeBackend backend() {
        return backend;
    }

    protected final VolumeBackend reopened() {
        backend = open();
        return backend;
    }

    protected static Mark mark() {
        return new Mark(UUID.randomUUID().toString());
    }

    protected static SnapshotSetId set() {
        return new SnapshotSetId("set-" + UUID.randomUUID());
    }

    protected static StepMemory memory() {
        return new RememberedSteps();
    }

    protected final long sizeBytes() {
        return backend.roundedBytes(WISH_BYTES);
    }

    protected final VolumeId volume() {
        return backend.create(mark(), NAME, sizeBytes(), memory()).id();
    }

    protected static void assertRefused(VolumeException.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }

    @Test
    void roundsSizesUpAndNeverDown() {
        assertThat(backend.roundedBytes(1)).isPositive();
        assertThat(backend.roundedBytes(WISH_BYTES)).isGreaterThanOrEqualTo(WISH_BYTES);
        assertThat(backend.roundedBytes(sizeBytes())).isEqualTo(sizeBytes());
        assertThat(backend.roundedBytes(sizeBytes() + 1)).isGreaterThan(sizeBytes());
    }

    @Test
    void makesAVolumeThatIsFoundAndOurs() {
        BackendVolume made = backend.create(mark(), NAME, sizeBytes(), memory());

        assertThat(made.name()).isEqualTo(NAME);
        assertThat(made.sizeBytes()).isEqualTo(sizeBytes());
        assertThat(made.owned()).isTrue();
        assertThat(made.attachment()).isEmpty();
        assertThat(made.snapshots()).isEmpty();
        assertThat(reopened().find(made.id())).contains(made);
        assertThat(backend.owned()).contains(made);
    }

    @Test
    void makesOneVolumeOfOneMarkHoweverOftenItIsAsked() {
        Mark mark = mark();
        StepMemory memory = memory();
        BackendVolume first = backend.create(mark, NAME, sizeBytes(), memory);

        assertThat(backend.create(mark, NAME, sizeBytes(), memory)).isEqualTo(first);
        assertThat(reopened().create(mark, NAME, sizeBytes(), memory())).isEqualTo(first);
        assertThat(backend.created(mark)).contains(first);
        assertThat(backend.owned()).containsOnlyOnce(first);
    }

    @Test
    void makesTwoVolumesOfTwoMarksWithOneName() {
        assertThat(volume()).isNotEqualTo(volume());
    }

    @Test
    void knowsNothingOfAMarkThatMadeNothing() {
        assertThat(backend.created(mark())).isEmpty();
        assertThat(backend.find(VolumeId.random())).isEmpty();
    }

    @Test
    void aNewVolumeReadsAsZero() {
        Content content = contentOrSkip();
        VolumeId id = volume();

        assertThat(content.read(id, 0)).isZero();
        assertThat(content.read(id, sizeBytes() - 1)).isZero();
    }

    @Test
    void attachesToTheApplianceWithADeviceAndOnlyOnce() {
        VolumeId id = volume();
        Attachment attachment = backend.attach(id, VolumeRequest.APPLIANCE, false, memory());

        assertThat(attachment.mode()).isEqualTo(ExportMode.OMA);
        assertThat(attachment.devicePath()).isPresent();
        assertThat(reopened().attach(id, VolumeRequest.APPLIANCE, false, memory()))
                .isEqualTo(attachment);
        assertThat(found(id).attachment()).contains(attachment);
        assertThat(backend.image(id).path()).isAbsolute();
    }

    @Test
    void attachesToAVmAsRootAndAsDataDisksWithoutADeviceHere() {
        VolumeId root = volume();
        VolumeId data = volume();
        Attachment ofRoot = backend.attach(root, vm(), true, memory());
        Attachment ofData = backend.attach(data, vm(), false, memory());

        assertThat(ofRoot.mode()).isEqualTo(ExportMode.FAILOVER);
        assertThat(ofRoot.vmId()).isEqualTo(vm());
        assertThat(ofRoot.deviceNumber()).hasValue(0);
        assertThat(ofData.deviceNumber()).isNotEqualTo(ofRoot.deviceNumber());
        assertThat(ofData.devicePath()).isEmpty();
        assertThat(reopened().attach(root, vm(), true, memory())).isEqualTo(ofRoot);
        assertThat(backend.attach(data, vm(), false, memory())).isEqualTo(ofData);
    }

    @Test
    void attachesToOneVmAtATime() {
        VolumeId id = volume();
        backend.attach(id, VolumeRequest.APPLIANCE, false, memory());

        assertRefused(VolumeException.Kind.REFUSED, () -> backend.attach(id, vm(), false, memory()));
        assertThat(found(id).attachment().orElseThrow().mode()).isEqualTo(ExportMode.OMA);
    }

    @Test
    void detachesWhatIsAttachedAndMindsNothingElse() {
        VolumeId id = volume();
        backend.detach(id, memory());
        backend.attach(id, VolumeRequest.APPLIANCE, false, memory());
        backend.detach(id, memory());
        reopened().detach(id, memory());

        assertThat(found(id).attachment()).isEmpty();
        assertThat(backend.attach(id, vm(), false, memory()).vmId()).isEqualTo(vm());
    }

    @Test
    void opensOnlyWhatIsAttachedToTheAppliance() {
        VolumeId id = volume();
        assertThatThrownBy(() -> backend.image(id)).isInstanceOf(VolumeException.class);
        backend.attach(id, vm(), false, memory());
        assertThatThrownBy(() -> backend.image(id)).isInstanceOf(VolumeException.class);
    }

    @Test
    void deletesAndDoesNotMissWhatIsGone() {
        VolumeId id = volume();
        VolumeId other = volume();
        backend.delete(id, memory());
        reopened().delete(id, memory());

        assertThat(backend.find(id)).isEmpty();
        assertThat(backend.owned())
                .extracting(BackendVolume::id)
                .doesNotContain(id)
                .contains(other);
    }

    @Test
    void keepsWhatIsAttachedFromDeletion() {
        VolumeId id = volume();
        backend.attach(id, vm(), false, memory());

        assertRefused(VolumeException.Kind.REFUSED, () -> backend.delete(id, memory()));
        assertThat(backend.find(id)).isPresent();
    }

    @Test
    void growsByZeros() {
        VolumeId id = volume();
        long largerBytes = backend.roundedBytes(2 * sizeBytes());
        content().ifPresent(content -> content.write(id, sizeBytes() - 1, 7));

        assertThat(backend.resize(id, largerBytes, memory()).sizeBytes()).isEqualTo(largerBytes);
        assertThat(reopened().resize(id, largerBytes, memory()).sizeBytes()).isEqualTo(largerBytes);
        assertThat(found(id).sizeBytes()).isEqualTo(largerBytes);
        content().ifPresent(content -> {
            assertThat(content.read(id, sizeBytes() - 1)).isEqualTo(7);
            assertThat(content.read(id, sizeBytes())).isZero();
            assertThat(content.read(id, largerBytes - 1)).isZero();
        });
    }

    @Test
    void neverShrinks() {
        VolumeId id = volume();
        long largerBytes = backend.roundedBytes(2 * sizeBytes());
        backend.resize(id, largerBytes, memory());

        assertRefused(VolumeException.Kind.REFUSED, () -> backend.resize(id, sizeBytes(), memory()));
        assertThat(found(id).sizeBytes()).isEqualTo(largerBytes);
    }

    @Test
    void saysThatAVolumeIsUnknown() {
        VolumeId unknown = VolumeId.random();
        assertRefused(VolumeException.Kind.NO_SUCH_THING, () -> backend.attach(unknown, vm(), false, memory()));
        assertRefused(VolumeException.Kind.NO_SUCH_THING, () -> backend.resize(unknown, sizeBytes(), memory()));
    }

    @Test
    void saysHowItIs() {
        assertThat(backend.check()).isNotBlank();
        assertThat(backend.name()).isNotBlank();
    }

    @Test
    void hasRoomForAnotherVolume() {
        assertThatCode(() -> backend.checkRoom(sizeBytes())).doesNotThrowAnyException();
    }

    @Test
    void takesASnapshotOnce() {
        snapshotsOrSkip();
        VolumeId id = volume();
        SnapshotSetId set = set();
        backend.checkSnapshots(List.of(id));
        backend.snapshot(id, set, memory());
        reopened().snapshot(id, set, memory());

        assertThat(found(id).snapshots()).containsExactly(set);
        assertThat(found(id).sizeBytes()).isEqualTo(sizeBytes());
    }

    @Test
    void revertsToTheMomentOfTheSnapshotAsOftenAsItIsAsked() {
        snapshotsOrSkip();
        VolumeId id = volume();
        SnapshotSetId set = set();
        content().ifPresent(content -> content.write(id, 0, 1));
        backend.snapshot(id, set, memory());
        for (int round = 0; round < 3; round++) {
            content().ifPresent(content -> content.write(id, 0, 2));
            backend.revert(id, set, memory());
            reopened().revert(id, set, memory());
            content().ifPresent(content -> assertThat(content.read(id, 0)).isEqualTo(1));
        }
        assertThat(found(id).snapshots()).containsExactly(set);
    }

    @Test
    void revertsToAnyOfSeveralMoments() {
        snapshotsOrSkip();
        VolumeId id = volume();
        List<SnapshotSetId> sets = List.of(set(), set(), set());
        for (int i = 0; i < sets.size(); i++) {
            int value = i + 1;
            content().ifPresent(content -> content.write(id, 0, value));
            backend.snapshot(id, sets.get(i), memory());
        }
        for (int i : new int[] {1, 2, 0, 1}) {
            backend.revert(id, sets.get(i), memory());
            content().ifPresent(content -> {
                assertThat(content.read(id, 0)).isEqualTo(i + 1);
                content.write(id, 0, 9);
            });
        }
        assertThat(found(id).snapshots()).containsExactlyInAnyOrderElementsOf(sets);
    }

    @Test
    void removesASnapshotAndTheVolumeKeepsWhatItHolds() {
        snapshotsOrSkip();
        VolumeId id = volume();
        SnapshotSetId set = set();
        content().ifPresent(content -> content.write(id, 0, 1));
        content().ifPresent(content -> content.write(id, 1000, 5));
        backend.snapshot(id, set, memory());
        content().ifPresent(content -> content.write(id, 0, 2));
        backend.deleteSnapshot(id, set, memory());
        reopened().deleteSnapshot(id, set, memory());

        assertThat(found(id).snapshots()).isEmpty();
        content().ifPresent(content -> {
            assertThat(content.read(id, 0)).isEqualTo(2);
            assertThat(content.read(id, 1000)).isEqualTo(5);
        });
        backend.delete(id, memory());
        assertThat(backend.find(id)).isEmpty();
    }

    @Test
    void doesNotRevertToASnapshotThatIsNotThere() {
        snapshotsOrSkip();
        VolumeId id = volume();
        assertRefused(VolumeException.Kind.NO_SUCH_THING, () -> backend.revert(id, set(), memory()));
        assertRefused(
                VolumeException.Kind.NO_SUCH_THING, () -> backend.cloneSnapshot(id, set(), mark(), "c", memory()));
    }

    @Test
    void clonesASnapshotOnceAndLeavesTheOriginalAlone() {
        snapshotsOrSkip();
        VolumeId id = volume();
        SnapshotSetId set = set();
        content().ifPresent(content -> content.write(id, 0, 1));
        backend.snapshot(id, set, memory());
        content().ifPresent(content -> content.write(id, 0, 2));
        Mark mark = mark();
        BackendVolume clone = backend.cloneSnapshot(id, set, mark, "clone", memory());

        assertThat(reopened().cloneSnapshot(id, set, mark, "clone", memory())).isEqualTo(clone);
        assertThat(backend.created(mark)).contains(clone);
        assertThat(clone.owned()).isTrue();
        assertThat(clone.sizeBytes()).isEqualTo(sizeBytes());
        assertThat(clone.id()).isNotEqualTo(id);
        content().ifPresent(content -> {
            assertThat(content.read(clone.id(), 0)).isEqualTo(1);
            content.write(clone.id(), 0, 3);
            assertThat(content.read(id, 0)).isEqualTo(2);
        });
        backend.revert(id, set, memory());
        content().ifPresent(content -> assertThat(content.read(id, 0)).isEqualTo(1));
        backend.delete(clone.id(), memory());
        assertThat(found(id).snapshots()).containsExactly(set);
    }

    /** Returns a volume that must be there. */
    protected final BackendVolume found(VolumeId id) {
        return backend.find(id).orElseThrow();
    }

    private Content contentOrSkip() {
        assumeThat(content()).as("the content can be looked at").isPresent();
        return content().orElseThrow();
    }

    private void snapshotsOrSkip() {
        assumeThat(takesSnapshots()).as("snapshots are possible").isTrue();
    }
}
