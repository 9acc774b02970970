package io.migratekit.volume.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.migratekit.volume.Attachment;
import io.migratekit.volume.ExportMode;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Volumes that are made, attached, detached, grown and deleted. */
abstract class VolumeContract extends BackendFixture {
    @Test
    void roundsSizesUpAndNeverDown() {
        assertThat(backend().roundedBytes(1)).isPositive();
        assertThat(backend().roundedBytes(sizeBytes())).isEqualTo(sizeBytes());
        assertThat(backend().roundedBytes(sizeBytes() + 1)).isGreaterThan(sizeBytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {512, (1 << 20) - 512, 2 << 20, (1L << 30) + 512, 5L << 40})
    void roundsARoundedSizeNoFurther(long wishBytes) {
        long rounded = backend().roundedBytes(wishBytes);
        assertThat(rounded).isGreaterThanOrEqualTo(wishBytes);
        assertThat(backend().roundedBytes(rounded)).isEqualTo(rounded);
    }

    @Test
    void makesAVolumeThatIsFoundAndOurs() {
        BackendVolume made = backend().create(mark(), NAME, sizeBytes(), memory());

        assertThat(made.name()).isEqualTo(NAME);
        assertThat(made.sizeBytes()).isEqualTo(sizeBytes());
        assertThat(made.owned()).isTrue();
        assertThat(made.attachment()).isEmpty();
        assertThat(made.snapshots()).isEmpty();
        assertThat(reopened().find(made.id())).contains(made);
        assertThat(backend().owned()).containsExactly(made);
    }

    @Test
    void makesOneVolumeOfOneMarkHoweverOftenItIsAsked() {
        Mark mark = mark();
        StepMemory memory = memory();
        BackendVolume first = backend().create(mark, NAME, sizeBytes(), memory);

        assertThat(backend().create(mark, NAME, sizeBytes(), memory)).isEqualTo(first);
        assertThat(reopened().create(mark, NAME, sizeBytes(), memory())).isEqualTo(first);
        assertThat(backend().created(mark)).contains(first);
        assertThat(backend().owned()).containsExactly(first);
    }

    @Test
    void makesTwoVolumesOfTwoMarksWithOneName() {
        VolumeId first = volume();
        VolumeId second = volume();
        assertThat(backend().owned()).extracting(BackendVolume::id).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void knowsNothingOfWhatIsNotThere() {
        VolumeId nobody = VolumeId.random();
        assertThat(backend().created(mark())).isEmpty();
        assertThat(backend().find(nobody)).isEmpty();
        assertThat(backend().owned()).isEmpty();
    }

    @Test
    void doesNotMissAVolumeThatIsGoneWhereNothingIsLeftToDo() {
        VolumeId nobody = VolumeId.random();
        assertThatCode(() -> {
                    backend().delete(nobody, memory());
                    backend().detach(nobody, memory());
                    backend().deleteSnapshot(nobody, set(), memory());
                })
                .doesNotThrowAnyException();
    }

    @Test
    void saysThatAVolumeIsUnknown() {
        VolumeId unknown = VolumeId.random();
        assertRefused(Kind.NO_SUCH_THING, () -> backend().attach(unknown, vm(), false, memory()));
        assertRefused(Kind.NO_SUCH_THING, () -> backend().resize(unknown, sizeBytes(), memory()));
        assertThatThrownBy(() -> attach(unknown)).hasMessageContaining(unknown.text());
        assertThatThrownBy(() -> backend().image(unknown)).isInstanceOf(VolumeException.class);
    }

    @Test
    void aNewVolumeReadsAsZero() {
        assumeThat(content()).as("the content can be looked at").isPresent();
        VolumeId id = volume();
        assertByte(id, 0, 0);
        assertByte(id, sizeBytes() - 1, 0);
    }

    @Test
    void attachesToTheApplianceWithADeviceAndOnlyOnce() {
        VolumeId id = volume();
        Attachment attachment = attach(id);

        assertThat(attachment.mode()).isEqualTo(ExportMode.OMA);
        assertThat(attachment.devicePath()).isPresent();
        assertThat(reopened().attach(id, VolumeRequest.APPLIANCE, false, memory()))
                .isEqualTo(attachment);
        assertThat(found(id).attachment()).contains(attachment);
        assertThat(backend().owned().get(0).attachment()).contains(attachment);
        assertThat(backend().image(id).path()).isAbsolute().exists();
    }

    @Test
    void attachesToAVmAsRootAndAsDataDisksWithoutADeviceHere() {
        VolumeId root = volume();
        VolumeId data = volume();
        Attachment ofRoot = backend().attach(root, vm(), true, memory());
        Attachment ofData = backend().attach(data, vm(), false, memory());

        assertThat(ofRoot.mode()).isEqualTo(ExportMode.FAILOVER);
        assertThat(ofRoot.vmId()).isEqualTo(vm());
        assertThat(ofRoot.deviceNumber()).hasValue(0);
        assertThat(ofData.deviceNumber()).isNotEqualTo(ofRoot.deviceNumber());
        assertThat(ofData.devicePath()).isEmpty();
        assertThat(reopened().attach(root, vm(), true, memory())).isEqualTo(ofRoot);
        assertThat(backend().attach(data, vm(), false, memory())).isEqualTo(ofData);
    }

    @Test
    void attachesToOneVmAtATimeAndInOneWay() {
        VolumeId id = volume();
        attach(id);
        assertRefused(Kind.REFUSED, () -> backend().attach(id, vm(), false, memory()));
        assertThat(found(id).attachment().orElseThrow().mode()).isEqualTo(ExportMode.OMA);

        VolumeId root = volume();
        backend().attach(root, vm(), true, memory());
        assertRefused(Kind.REFUSED, () -> backend().attach(root, vm(), false, memory()));
        assertRefused(Kind.REFUSED, () -> attach(root));
    }

    @Test
    void givesAVmOneRootDiskAndTheApplianceNone() {
        VolumeId first = volume();
        VolumeId second = volume();
        backend().attach(first, vm(), true, memory());
        assertThatThrownBy(() -> backend().attach(second, vm(), true, memory())).isInstanceOf(VolumeException.class);
        assertThat(found(second).attachment()).isEmpty();
        assertRefused(Kind.REFUSED, () -> backend().attach(second, VolumeRequest.APPLIANCE, true, memory()));
    }

    @Test
    void detachesWhatIsAttachedKeepsWhatItHoldsAndMindsNothingElse() {
        VolumeId id = volume();
        backend().detach(id, memory());
        attach(id);
        write(id, 0, 1);
        backend().detach(id, memory());
        reopened().detach(id, memory());

        assertThat(found(id).attachment()).isEmpty();
        assertThatThrownBy(() -> backend().image(id)).isInstanceOf(VolumeException.class);
        assertThat(backend().attach(id, vm(), false, memory()).vmId()).isEqualTo(vm());
        backend().detach(id, memory());
        attach(id);
        assertByte(id, 0, 1);
    }

    @Test
    void opensOnlyWhatIsAttachedToTheAppliance() {
        VolumeId id = volume();
        assertThatThrownBy(() -> backend().image(id)).isInstanceOf(VolumeException.class);
        backend().attach(id, vm(), false, memory());
        assertThatThrownBy(() -> backend().image(id)).isInstanceOf(VolumeException.class);
    }

    @Test
    void deletesAndDoesNotMissWhatIsGone() {
        VolumeId id = volume();
        VolumeId other = volume();
        backend().delete(id, memory());
        reopened().delete(id, memory());

        assertThat(backend().find(id)).isEmpty();
        assertThat(backend().owned()).extracting(BackendVolume::id).containsExactly(other);
    }

    @Test
    void keepsWhatIsAttachedFromDeletion() {
        VolumeId id = volume();
        backend().attach(id, vm(), false, memory());

        assertRefused(Kind.REFUSED, () -> backend().delete(id, memory()));
        assertThat(backend().find(id)).isPresent();
    }

    @Test
    void growsByZeros() {
        VolumeId id = volume();
        long largerBytes = backend().roundedBytes(2 * sizeBytes());
        write(id, sizeBytes() - 1, 7);

        assertThat(backend().resize(id, largerBytes, memory()).sizeBytes()).isEqualTo(largerBytes);
        assertThat(reopened().resize(id, largerBytes, memory()).sizeBytes()).isEqualTo(largerBytes);
        assertThat(found(id).sizeBytes()).isEqualTo(largerBytes);
        assertByte(id, sizeBytes() - 1, 7);
        assertByte(id, sizeBytes(), 0);
        assertByte(id, largerBytes - 1, 0);
    }

    @Test
    void growsWhileItIsAttached() {
        VolumeId id = volume();
        Attachment before = attach(id);
        long largerBytes = backend().roundedBytes(2 * sizeBytes());

        assertThat(backend().resize(id, largerBytes, memory()).attachment()).contains(before);
        assertThat(backend().image(id).path()).exists();
        assertByte(id, largerBytes - 1, 0);
    }

    @Test
    void neverShrinks() {
        VolumeId id = volume();
        long largerBytes = backend().roundedBytes(2 * sizeBytes());
        backend().resize(id, largerBytes, memory());

        assertRefused(Kind.REFUSED, () -> backend().resize(id, sizeBytes(), memory()));
        assertThat(found(id).sizeBytes()).isEqualTo(largerBytes);
    }

    @Test
    void saysHowItIs() {
        assertThat(backend().check()).isNotBlank();
        assertThat(backend().name()).isNotBlank();
    }

    @Test
    void hasRoomForAnotherVolume() {
        assertThatCode(() -> {
                    backend().checkRoom(0);
                    backend().checkRoom(sizeBytes());
                })
                .doesNotThrowAnyException();
    }
}
