package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.RememberedSteps;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Volumes with snapshots, whose process dies at every step. Sector 0 tells the moment. */
@Execution(ExecutionMode.CONCURRENT) // most of the time, qemu is waited for
@NeedsPeer({"qemu-img", "qemu-io"})
final class LocalCutIT {
    private static final Mark MARK = new Mark("mark");
    private static final Mark CLONE_MARK = new Mark("clone");
    private static final VolumeId ID = Pool.idOf(TestPool.INSTALLATION, MARK.text());
    private static final VolumeId CLONE = Pool.idOf(TestPool.INSTALLATION, CLONE_MARK.text());
    private static final SnapshotSetId FIRST = new SnapshotSetId("set-00000000-0000-0000-0000-000000000001");
    private static final SnapshotSetId SECOND = new SnapshotSetId("set-00000000-0000-0000-0000-000000000002");
    private static final SnapshotSetId THIRD = new SnapshotSetId("set-00000000-0000-0000-0000-000000000003");
    private static final long SIZE_BYTES = 1 << 20;

    @TempDir
    Path folder;

    private TestPool pool = TestPool.raw(Path.of("unused"));

    private Cuts cuts(VolumeDaemon.Format format) {
        pool = TestPool.of(folder.resolve("pool"), format);
        return new Cuts(pool);
    }

    @ParameterizedTest
    @EnumSource
    void aCreation(VolumeDaemon.Format format) {
        cuts(format)
                .everywhere(
                        backend -> {},
                        LocalCutIT::create,
                        Cuts::anything,
                        (backend, copy) -> assertThat(backend.owned())
                                .extracting(BackendVolume::id)
                                .containsExactly(ID));
    }

    @Test
    void aResize() {
        cuts(VolumeDaemon.Format.QCOW2)
                .everywhere(
                        backend -> {
                            create(backend);
                            write(1);
                        },
                        backend -> backend.resize(ID, 2 * SIZE_BYTES, memory()),
                        (backend, copy) -> assertHolds(copy, ID, 1),
                        (backend, copy) -> {
                            assertHolds(copy, ID, 1);
                            assertThat(backend.find(ID).orElseThrow().sizeBytes())
                                    .isEqualTo(2 * SIZE_BYTES);
                        });
    }

    @ParameterizedTest
    @EnumSource(names = {"QCOW2", "RAW"})
    void aSnapshot(VolumeDaemon.Format format) {
        int cuts = cuts(format)
                .everywhere(
                        backend -> {
                            create(backend);
                            write(1);
                        },
                        backend -> backend.snapshot(ID, FIRST, memory()),
                        (backend, copy) -> assertHolds(copy, ID, 1),
                        (backend, copy) -> {
                            assertHolds(copy, ID, 1);
                            assertThat(backend.find(ID).orElseThrow().snapshots())
                                    .containsExactly(FIRST);
                            assertThat(copy.stored(ID).images()).hasSize(2);
                        });
        assertThat(cuts).isGreaterThan(12);
    }

    @Test
    void aSnapshotThatIsGivenUpLeavesNothing() {
        cuts(VolumeDaemon.Format.QCOW2)
                .everywhere(
                        backend -> {
                            create(backend);
                            write(1);
                        },
                        backend -> backend.snapshot(ID, FIRST, memory()),
                        Cuts::anything,
                        backend -> backend.deleteSnapshot(ID, FIRST, memory()),
                        (backend, copy) -> {
                            assertHolds(copy, ID, 1);
                            assertThat(copy.stored(ID).images()).hasSize(1);
                        });
    }

    @Test
    void aRevert() {
        int cuts = cuts(VolumeDaemon.Format.QCOW2)
                .everywhere(
                        this::moments,
                        backend -> backend.revert(ID, FIRST, memory()),
                        (backend, copy) -> assertThat(value(copy, ID)).isIn(4, 1),
                        (backend, copy) -> {
                            assertHolds(copy, ID, 1);
                            assertMoments(backend, copy, FIRST, SECOND, THIRD);
                        });
        assertThat(cuts).isGreaterThan(12);
    }

    @ParameterizedTest
    @EnumSource(names = {"QCOW2", "RAW"})
    void aRemovalOfTheOldestSnapshot(VolumeDaemon.Format format) {
        int cuts = cuts(format)
                .everywhere(
                        this::moments,
                        backend -> backend.deleteSnapshot(ID, FIRST, memory()),
                        (backend, copy) -> assertHolds(copy, ID, 4),
                        (backend, copy) -> {
                            assertHolds(copy, ID, 4);
                            assertThat(copy.stored(ID).images()).hasSize(3);
                            assertMoments(backend, copy, SECOND, THIRD);
                        });
        assertThat(cuts).isGreaterThan(12);
    }

    @Test
    void aRemovalOfTheNewestSnapshot() {
        cuts(VolumeDaemon.Format.QCOW2)
                .everywhere(
                        this::moments,
                        backend -> backend.deleteSnapshot(ID, THIRD, memory()),
                        (backend, copy) -> assertHolds(copy, ID, 4),
                        (backend, copy) -> {
                            assertHolds(copy, ID, 4);
                            assertThat(copy.stored(ID).images()).hasSize(3);
                            assertMoments(backend, copy, FIRST, SECOND);
                        });
    }

    @Test
    void aRemovalThatIsFollowedByAnotherInsteadOfItself() {
        cuts(VolumeDaemon.Format.QCOW2)
                .everywhere(
                        this::moments,
                        backend -> backend.deleteSnapshot(ID, FIRST, memory()),
                        (backend, copy) -> assertHolds(copy, ID, 4),
                        backend -> backend.deleteSnapshot(ID, SECOND, memory()),
                        (backend, copy) -> {
                            assertHolds(copy, ID, 4);
                            assertThat(snapshots(backend)).contains(THIRD).doesNotContain(SECOND);
                            assertMoments(backend, copy, snapshots(backend));
                        });
    }

    @Test
    void aRemovalThatIsFollowedByARevert() {
        cuts(VolumeDaemon.Format.QCOW2)
                .everywhere(
                        this::moments,
                        backend -> backend.deleteSnapshot(ID, FIRST, memory()),
                        (backend, copy) -> assertHolds(copy, ID, 4),
                        backend -> backend.revert(ID, SECOND, memory()),
                        (backend, copy) -> {
                            assertHolds(copy, ID, 2);
                            backend.deleteSnapshot(ID, THIRD, memory());
                            assertThat(snapshots(backend)).contains(SECOND).doesNotContain(THIRD);
                            assertMoments(backend, copy, snapshots(backend));
                        });
    }

    @Test
    void aClone() {
        int cuts = cuts(VolumeDaemon.Format.QCOW2)
                .everywhere(
                        this::moments,
                        LocalCutIT::cloneSecond,
                        (backend, copy) -> assertHolds(copy, ID, 4),
                        (backend, copy) -> {
                            assertHolds(copy, CLONE, 2);
                            assertHolds(copy, ID, 4);
                            assertMoments(backend, copy, FIRST, SECOND, THIRD);
                        });
        assertThat(cuts).isGreaterThan(12);
    }

    @Test
    void aCloneThatIsGivenUpLeavesNothing() {
        cuts(VolumeDaemon.Format.QCOW2)
                .everywhere(
                        this::moments,
                        LocalCutIT::cloneSecond,
                        Cuts::anything,
                        backend -> {
                            backend.created(CLONE_MARK).ifPresent(clone -> backend.delete(clone.id(), memory()));
                            backend.deleteSnapshot(ID, SECOND, memory());
                        },
                        (backend, copy) -> {
                            assertHolds(copy, ID, 4);
                            assertThat(copy.stored(ID).images()).hasSize(3);
                        });
    }

    private static void create(LocalBackend backend) {
        backend.create(MARK, "v", SIZE_BYTES, memory());
    }

    private static void cloneSecond(LocalBackend backend) {
        backend.cloneSnapshot(ID, SECOND, CLONE_MARK, "clone", memory());
    }

    /** Three snapshots that hold 1, 2 and 3, and a volume that holds 4. */
    private void moments(LocalBackend backend) {
        create(backend);
        int value = 1;
        for (SnapshotSetId set : new SnapshotSetId[] {FIRST, SECOND, THIRD}) {
            write(value++);
            backend.snapshot(ID, set, memory());
        }
        write(value);
    }

    private void write(int value) {
        Qemu.write(pool.image(ID), pool.stored(ID).activeImage().format(), 0, 512, value);
    }

    private static void assertMoments(LocalBackend backend, TestPool copy, SnapshotSetId... sets) {
        assertThat(backend.find(ID).orElseThrow().snapshots()).containsExactlyInAnyOrder(sets);
        for (SnapshotSetId set : sets) {
            backend.revert(ID, set, memory());
            assertHolds(copy, ID, Arrays.asList(FIRST, SECOND, THIRD).indexOf(set) + 1);
        }
    }

    private static SnapshotSetId[] snapshots(LocalBackend backend) {
        return backend.find(ID).orElseThrow().snapshots().toArray(SnapshotSetId[]::new);
    }

    private static void assertHolds(TestPool copy, VolumeId id, int value) {
        byte[] content =
                Qemu.content(copy.image(id), copy.stored(id).activeImage().format());
        byte[] expected = new byte[content.length];
        Arrays.fill(expected, 0, 512, (byte) value);
        assertThat(content).isEqualTo(expected);
    }

    private static int value(TestPool copy, VolumeId id) {
        Image.Format format = copy.stored(id).activeImage().format();
        return Qemu.content(copy.image(id), format)[0];
    }

    private static RememberedSteps memory() {
        return new RememberedSteps();
    }
}
