package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.BackendFixture;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.backend.VolumeBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees of qcow2 images by the real qemu-img: sets that come and go, clones, and what is merged meanwhile. */
@NeedsPeer({"qemu-img", "qemu-io"})
final class LocalSnapshotTreesIT extends BackendFixture {
    @TempDir
    Path folder;

    private final OpenPool opened = new OpenPool();

    private TestPool pool() {
        return TestPool.of(folder.resolve(OpenPool.ODD_NAME), VolumeDaemon.Format.AUTO);
    }

    @Override
    protected VolumeBackend open() {
        return opened.reopen(pool());
    }

    @AfterEach
    void leavesNothingOver() {
        opened.close();
        pool().assertNothingIsLeftOver();
    }

    @Test
    void chainsDoNotGrowWhenOldSetsGoAsNewOnesCome() {
        VolumeId id = volume();
        List<SnapshotSetId> sets = new ArrayList<>(List.of(set(), set()));
        sets.forEach(set -> backend().snapshot(id, set, memory()));
        for (int round = 1; round <= 5; round++) {
            pool().content().write(id, 0, round);
            SnapshotSetId set = set();
            backend().snapshot(id, set, memory());
            backend().deleteSnapshot(id, sets.remove(0), memory());
            sets.add(set);
            assertThat(pool().stored(id).images()).hasSize(3);
            pool().content().write(id, 0, 99);
        }
        backend().revert(id, sets.get(0), memory());
        assertThat(pool().content().read(id, 0)).isEqualTo(4);
        backend().revert(id, sets.get(1), memory());
        assertThat(pool().content().read(id, 0)).isEqualTo(5);
    }

    @Test
    void everyMomentOfATreeIsKeptWhateverIsRemovedAroundIt() {
        VolumeId id = volume();
        List<SnapshotSetId> sets = List.of(set(), set(), set(), set());
        for (int i = 0; i < 4; i++) {
            if (i == 2) {
                backend().revert(id, sets.get(0), memory()); // the tree branches here
            }
            pool().content().write(id, 512L * i, 1);
            backend().snapshot(id, sets.get(i), memory());
        }
        assertMoment(id, sets.get(3), 1, 0, 1, 1);
        backend().deleteSnapshot(id, sets.get(0), memory());
        assertMoment(id, sets.get(1), 1, 1, 0, 0);
        backend().deleteSnapshot(id, sets.get(2), memory());
        assertMoment(id, sets.get(3), 1, 0, 1, 1);
        backend().deleteSnapshot(id, sets.get(1), memory());
        assertMoment(id, sets.get(3), 1, 0, 1, 1);
        backend().deleteSnapshot(id, sets.get(3), memory());
        assertThat(pool().stored(id).images()).hasSize(1);
        assertHolds(id, 1, 0, 1, 1);
    }

    private void assertMoment(VolumeId id, SnapshotSetId set, int... values) {
        backend().revert(id, set, memory());
        assertHolds(id, values);
    }

    private void assertHolds(VolumeId id, int... values) {
        byte[] content = Qemu.content(pool().image(id), Image.Format.QCOW2);
        for (int i = 0; i < values.length; i++) {
            assertThat(content[512 * i]).as("sector %d", i).isEqualTo((byte) values[i]);
        }
    }

    @Test
    void whatClonesAreMadeOfIsKeptAndTheClonesAreNamed() {
        VolumeId id = volume();
        SnapshotSetId set = set();
        backend().snapshot(id, set, memory());
        VolumeId first =
                backend().cloneSnapshot(id, set, mark(), "first", memory()).id();
        VolumeId second =
                backend().cloneSnapshot(id, set, mark(), "second", memory()).id();

        assertThatThrownBy(() -> backend().deleteSnapshot(id, set, memory()))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining(first.text())
                .hasMessageContaining(second.text());
        backend().delete(first, memory());
        assertThatThrownBy(() -> backend().delete(id, memory()))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining(second.text())
                .hasMessageNotContaining(first.text());
        backend().delete(second, memory());
        assertRefused(Kind.REFUSED, () -> backend().delete(id, memory()));
        backend().deleteSnapshot(id, set, memory());
        backend().delete(id, memory());
        assertThat(backend().owned()).isEmpty();
    }

    @Test
    void aDamagedCloneStillKeepsWhatItIsMadeOf() throws IOException {
        VolumeId id = volume();
        SnapshotSetId set = set();
        backend().snapshot(id, set, memory());
        VolumeId clone =
                backend().cloneSnapshot(id, set, mark(), "clone", memory()).id();
        Path json = pool().folder(clone).resolve("volume.json");
        byte[] good = Files.readAllBytes(json);
        Files.write(json, new byte[10]);
        assertRefused(Kind.REFUSED, () -> backend().deleteSnapshot(id, set, memory()));
        Files.write(json, good);
    }

    @Test
    void aCloneOfACloneReadsAsItShould() {
        VolumeId id = volume();
        SnapshotSetId set = set();
        pool().content().write(id, 0, 1);
        backend().snapshot(id, set, memory());
        VolumeId clone =
                backend().cloneSnapshot(id, set, mark(), "clone", memory()).id();
        pool().content().write(clone, 512, 2);
        SnapshotSetId second = set();
        backend().snapshot(clone, second, memory());
        VolumeId grandchild = backend()
                .cloneSnapshot(clone, second, mark(), "grandchild", memory())
                .id();
        assertHolds(grandchild, 1, 2);
        backend().revert(clone, second, memory());
        backend().delete(grandchild, memory());
        backend().deleteSnapshot(clone, second, memory());
        assertHolds(clone, 1, 2);
        assertThat(pool().stored(clone).images()).hasSize(1);
    }

    @Test
    void aSnapshotUnderAClonedOneCanGoAndTheCloneReadsOn() {
        VolumeId id = volume();
        SnapshotSetId lower = set();
        SnapshotSetId upper = set();
        pool().content().write(id, 0, 1);
        backend().snapshot(id, lower, memory());
        pool().content().write(id, 512, 2);
        backend().snapshot(id, upper, memory());
        VolumeId clone =
                backend().cloneSnapshot(id, upper, mark(), "clone", memory()).id();
        backend().deleteSnapshot(id, lower, memory());
        pool().content().write(id, 0, 9);
        assertHolds(clone, 1, 2);
        assertHolds(id, 9, 2);
        backend().delete(clone, memory());
        backend().deleteSnapshot(id, upper, memory());
        assertHolds(id, 9, 2);
        assertThat(pool().stored(id).images()).hasSize(1);
    }

    @Test
    void refusesASnapshotThatWouldMakeTheChainTooLong() {
        VolumeId id = volume();
        for (int i = 1; i < Snapshots.CHAIN_IMAGES_MAX; i++) {
            backend().snapshot(id, set(), memory());
        }
        assertThatThrownBy(() -> backend().snapshot(id, set(), memory()))
                .isInstanceOf(VolumeException.class)
                .hasMessageContaining("chain of 16 images")
                .hasMessageContaining("delete a snapshot set");
        assertRefused(Kind.REFUSED, () -> backend().checkSnapshots(List.of(id)));
        SnapshotSetId some = found(id).snapshots().iterator().next();
        backend().deleteSnapshot(id, some, memory());
        backend().snapshot(id, some, memory());
    }

    @Test
    void aMergeThatWasCutBetweenItsLastStepsDoesNotMisleadTheNext() throws IOException {
        VolumeId id = volume();
        List<SnapshotSetId> sets = List.of(set(), set(), set());
        for (int i = 0; i < 3; i++) {
            pool().content().write(id, 0, i + 1);
            backend().snapshot(id, sets.get(i), memory());
        }
        List<String> files =
                pool().stored(id).images().stream().map(StoredImage::file).toList();
        LocalBackend hindered = opened.reopen(pool().with(hindered(files.get(1))));
        hindered.deleteSnapshot(id, sets.get(0), memory());
        Path folder = pool().folder(id);
        run("commit", "-d", "-f", "qcow2", folder.resolve(files.get(1)).toString());
        run(
                "rebase",
                "-u",
                "-b",
                files.get(0),
                "-F",
                "qcow2",
                folder.resolve(files.get(2)).toString());

        hindered.deleteSnapshot(id, sets.get(1), memory());
        assertThat(pool().stored(id).images()).hasSize(3);
        reopened().revert(id, sets.get(2), memory());
        assertHolds(id, 3);
        backend().deleteSnapshot(id, sets.get(1), memory());
        assertThat(pool().stored(id).images()).hasSize(2);
        assertHolds(id, 3);
    }

    private static void run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("qemu-img"));
        command.addAll(List.of(arguments));
        Peer.run(Duration.ofSeconds(60), command.toArray(String[]::new)).orFail();
    }

    /** Finds a qemu-img for which one image is always in use where it is to be merged. */
    private Tools hindered(String image) throws IOException {
        Path program = Files.writeString(folder.resolve("qemu-img"), """
                #!/bin/sh
                case "$*" in
                commit*%s) echo 'Is another process using the image?' >&2; exit 1;;
                esac
                exec '%s' "$@"
                """.formatted(
                        image, Tools.onPath().find("qemu-img").orElseThrow()));
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return name ->
                name.equals("qemu-img") ? Optional.of(program) : Tools.onPath().find(name);
    }
}
