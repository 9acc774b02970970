package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.volume.Attachment;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.backend.Mark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Raw volumes, on a machine without qemu. */
final class LocalBackendTest extends LocalContract {
    @Override
    TestPool pool(Path folder) {
        return TestPool.raw(folder);
    }

    @Override
    protected boolean takesSnapshots() {
        return false;
    }

    @Test
    void makesARawVolumeOfATebibyteWithoutWritingIt() throws IOException {
        long sizeBytes = 1L << 40;
        LocalBackend backend = reopen(pool().with(0, 1000));
        VolumeId id = backend.create(mark(), "large", sizeBytes, memory()).id();

        assertThat(backend.find(id).orElseThrow().sizeBytes()).isEqualTo(sizeBytes);
        assertThat(Files.size(pool().image(id))).isEqualTo(sizeBytes);
    }

    @Test
    void aVolumesDeviceIsALinkToItsImage() throws IOException {
        VolumeId id = volume();
        Attachment attachment = backend().attach(id, VolumeRequest.APPLIANCE, false, memory());
        Image image = backend().image(id);

        assertThat(Path.of(attachment.devicePath().orElseThrow()).toRealPath())
                .isEqualTo(image.path().toRealPath());
        assertThat(image.format()).isEqualTo(Image.Format.RAW);
    }

    @Test
    void numbersTheDisksOfAVmFromOneAndFillsGaps() {
        List<VolumeId> ids = List.of(volume(), volume(), volume(), volume());
        assertThat(backend().attach(ids.get(0), vm(), false, memory()).deviceNumber())
                .isEqualTo(OptionalInt.of(1));
        assertThat(backend().attach(ids.get(1), vm(), false, memory()).deviceNumber())
                .isEqualTo(OptionalInt.of(2));
        backend().detach(ids.get(0), memory());
        assertThat(backend().attach(ids.get(2), vm(), false, memory()).deviceNumber())
                .isEqualTo(OptionalInt.of(1));
        assertThat(backend().attach(ids.get(3), "another vm", false, memory()).deviceNumber())
                .isEqualTo(OptionalInt.of(1));
    }

    @Test
    void aVmHasOneRootDiskAndTheApplianceHasNone() {
        VolumeId first = volume();
        VolumeId second = volume();
        backend().attach(first, vm(), true, memory());

        assertRefused(Kind.REFUSED, () -> backend().attach(second, vm(), true, memory()));
        assertRefused(Kind.REFUSED, () -> backend().attach(first, vm(), false, memory()));
        assertRefused(Kind.REFUSED, () -> backend().attach(second, VolumeRequest.APPLIANCE, true, memory()));
    }

    @Test
    void refusesSnapshotsWithoutQemuAndSaysHowToGetIt() {
        VolumeId id = volume();
        assertThatThrownBy(() -> backend().checkSnapshots(List.of(id)))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining("apt-get install qemu-utils")
                .hasMessageContaining(id.text());
        assertRefused(Kind.REFUSED, () -> backend().snapshot(id, set(), memory()));
        assertThat(found(id).snapshots()).isEmpty();
    }

    @Test
    void refusesAQcow2VolumeWithoutQemuAndSaysHowToGetIt() {
        LocalBackend backend = reopen(
                TestPool.of(folder.resolve("qcow2"), VolumeDaemon.Format.QCOW2).with(TestPool.WITHOUT_QEMU));
        assertThatThrownBy(() -> backend.create(mark(), "v", sizeBytes(), memory()))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining("apt-get install qemu-utils");
        assertThat(backend.owned()).isEmpty();
    }

    @Test
    void refusesSizesThatAreNoMultipleOfASector() {
        Mark mark = mark();
        for (long sizeBytes : new long[] {-512, 0, 1, 511, 513}) {
            assertRefused(Kind.REFUSED, () -> backend().create(mark, "v", sizeBytes, memory()));
        }
        assertThat(backend().created(mark)).isEmpty();
        assertThat(backend().roundedBytes(513)).isEqualTo(1024);
        assertThat(backend().roundedBytes(1L << 40)).isEqualTo(1L << 40);
    }

    @Test
    void refusesWhatThePoolCannotHoldWithTheFiguresAndTheSettings() {
        Mark mark = mark();
        assertThatThrownBy(() -> backend().create(mark, "v", 1L << 60, memory()))
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_ROOM))
                .hasMessageContaining(Long.toString(1L << 60))
                .hasMessageContaining("migratekit.volumes.reserve")
                .hasMessageContaining(".overcommit")
                .hasMessageContaining(".pool");
        assertThat(backend().created(mark)).isEmpty();
    }

    @Test
    void whatVolumesMayStillGrowIsTaken() throws IOException {
        long freeBytes = Files.getFileStore(folder).getUsableSpace();
        long halfBytes = backend().roundedBytes(freeBytes / 2);
        VolumeId half = backend().create(mark(), "half", halfBytes, memory()).id();

        assertRefused(Kind.NO_ROOM, () -> backend().create(mark(), "more", halfBytes + (512 << 20), memory()));
        assertRefused(Kind.NO_ROOM, () -> backend().resize(half, 2 * halfBytes + (512 << 20), memory()));
        assertThat(found(half).sizeBytes()).isEqualTo(halfBytes);
        reopen(pool().with(0, 3)).checkRoom(halfBytes + (512 << 20));
    }

    @Test
    void leavesTheReserveFree() throws IOException {
        long freeBytes = Files.getFileStore(folder).getUsableSpace();
        LocalBackend backend = reopen(pool().with(freeBytes - (64 << 20), 1));
        assertRefused(Kind.NO_ROOM, () -> backend.checkRoom(1 << 30));
        LocalBackend beyond = reopen(pool().with(2 * freeBytes, 5));
        assertRefused(Kind.NO_ROOM, () -> beyond.checkRoom(512));
    }

    @Test
    void seesVolumesOfOthersAndChangesNone() throws IOException {
        VolumeId id = volume();
        byte[] before = Files.readAllBytes(pool().folder(id).resolve("volume.json"));
        LocalBackend other = reopen(pool().of("elsewhere"));

        assertThat(other.find(id).map(BackendVolume::owned)).contains(false);
        assertThat(other.owned()).isEmpty();
        assertThatThrownBy(() -> other.delete(id, memory()))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining(TestPool.INSTALLATION)
                .hasMessageContaining("elsewhere");
        assertRefused(Kind.REFUSED, () -> other.attach(id, vm(), false, memory()));
        assertRefused(Kind.REFUSED, () -> other.detach(id, memory()));
        assertRefused(Kind.REFUSED, () -> other.resize(id, 2 * sizeBytes(), memory()));
        assertRefused(Kind.REFUSED, () -> other.deleteSnapshot(id, set(), memory()));
        assertThat(Files.readAllBytes(pool().folder(id).resolve("volume.json"))).isEqualTo(before);
        assertThat(other.check()).contains("1 of them of other installations");
    }

    @Test
    void theSameMarkOfTwoInstallationsMakesTwoVolumes() {
        Mark mark = mark();
        VolumeId ours = backend().create(mark, "v", sizeBytes(), memory()).id();
        VolumeId theirs = reopen(pool().of("elsewhere"))
                .create(mark, "v", sizeBytes(), memory())
                .id();
        assertThat(theirs).isNotEqualTo(ours);
    }

    @Test
    void tellsOfDamagedVolumesAndNeverRemovesThem() throws IOException {
        Mark mark = mark();
        VolumeId whole = volume();
        VolumeId damaged = backend().create(mark, "v", sizeBytes(), memory()).id();
        Path json = pool().folder(damaged).resolve("volume.json");
        String good = Files.readString(json);
        List<String> bad = List.of(
                "",
                good.substring(0, good.length() / 2),
                good.replace(damaged.text(), VolumeId.random().text()),
                good.replace("\"version\" : 1", "\"version\" : 2"),
                good.replace("\"owner\"", "\"proprietor\""),
                good.replaceFirst("\"active\" : \"image-.", "\"active\" : \"image-x"),
                good.replaceAll("image-[0-9a-f]+\\.raw", "../../secret"),
                good + "{}",
                "null");
        for (String text : bad) {
            Files.writeString(json, text);
            assertDamaged(damaged, mark, whole);
            assertThat(json).hasContent(text);
        }
        Files.delete(json);
        assertDamaged(damaged, mark, whole);
        Files.writeString(json, good);
        assertThat(found(damaged).name()).isEqualTo("v");
    }

    private void assertDamaged(VolumeId damaged, Mark mark, VolumeId whole) {
        assertThatThrownBy(() -> backend().find(damaged))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining("volume %s is damaged".formatted(damaged))
                .hasMessageContaining(pool().folder(damaged).toString());
        assertRefused(Kind.FAILED, () -> backend().delete(damaged, memory()));
        assertRefused(Kind.FAILED, () -> backend().created(mark));
        assertRefused(Kind.FAILED, () -> backend().create(mark, "v", sizeBytes(), memory()));
        assertThat(backend().owned()).extracting(BackendVolume::id).containsExactly(whole);
        assertThat(backend().check()).contains("1 more damaged").contains(damaged.text());
        assertThat(TestPool.names(pool().folder(damaged))).contains("disk").anyMatch(StoredImage::isName);
    }

    @Test
    void tellsOfAVolumeWhoseImageIsGone() throws IOException {
        VolumeId id = volume();
        backend().attach(id, VolumeRequest.APPLIANCE, false, memory());
        byte[] image = Files.readAllBytes(pool().image(id));
        Files.delete(pool().image(id));

        assertThatThrownBy(() -> backend().image(id))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining("is gone");
        assertThat(backend().owned()).isEmpty();
        Files.write(pool().image(id), image);
    }

    @Test
    void tellsTheSizeThatAnImageReallyHas() throws IOException {
        VolumeId id = volume();
        Files.write(pool().image(id), new byte[512]);
        assertThat(found(id).sizeBytes()).isEqualTo(512);
    }

    @Test
    void leavesFilesOfOthersInAVolumesFolderAlone() throws IOException {
        VolumeId id = volume();
        Path note = Files.writeString(pool().folder(id).resolve("note.txt"), "mine");
        backend().attach(id, vm(), false, memory());
        assertThat(note).exists();
        Files.delete(note);
    }

    @Test
    void keepsNamesOfAnyKind() {
        for (String name : List.of("a b", "'\"`$(reboot)", "日本語 ✓ ẞ", "\\..\\/../x", "-o help")) {
            Mark mark = mark();
            backend().create(mark, name, 512, memory());
            assertThat(backend().created(mark).map(BackendVolume::name)).contains(name);
        }
    }

    @Test
    void noticesThatThePoolIsNotThereAnyMore() throws IOException {
        volume();
        Path away = folder.resolve("away");
        Files.move(pool().settings().pool(), away);
        assertRefused(Kind.UNAVAILABLE, () -> backend().owned());
        Files.createDirectory(pool().settings().pool());
        Files.createFile(pool().settings().pool().resolve(".lock"));
        assertRefused(Kind.UNAVAILABLE, () -> backend().create(mark(), "v", 512, memory()));
        Files.delete(pool().settings().pool().resolve(".lock"));
        Files.delete(pool().settings().pool());
        Files.move(away, pool().settings().pool());
        assertThat(backend().owned()).hasSize(1);
    }

    @Test
    void tellsWhatAFailingProgramSaid() throws IOException {
        Path program =
                Files.writeString(folder.resolve("failing qemu-img"), "#!/bin/sh\necho \"no: $4\" >&2\nexit 3\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        LocalBackend backend = reopen(pool().with(name ->
                name.equals("qemu-img") ? Optional.of(program) : Tools.onPath().find(name)));
        Mark mark = mark();

        assertThatThrownBy(() -> backend.create(mark, "v", 512, memory()))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("no: qcow2");
        assertThat(backend.created(mark)).isEmpty();
    }
}
