package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.RememberedSteps;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has begun when the pool's room ends is never told as if nothing had happened. */
@NeedsPeer({"qemu-img", "qemu-io"})
final class LocalHalfDoneIT {
    private static final SnapshotSetId SET = new SnapshotSetId("set-00000000-0000-0000-0000-000000000001");

    @TempDir
    Path folder;

    private final FullDisk disk = new FullDisk();

    @Test
    void aSnapshotIsGoneThoughThereIsNoRoomToClearUpBehindIt() {
        TestPool pool = pool();
        try (LocalBackend backend = pool.open(disk)) {
            VolumeId id = written(backend, pool);
            disk.refuseCommits(true);
            backend.deleteSnapshot(id, SET, memory());
            assertThat(backend.find(id).orElseThrow().snapshots()).isEmpty();
            assertThat(pool.stored(id).images()).hasSize(2);
            assertThat(pool.content().read(id, 0)).isEqualTo(2);
            disk.refuseCommits(false);
            backend.deleteSnapshot(id, SET, memory());
            assertThat(pool.stored(id).images()).hasSize(1);
            assertThat(pool.content().read(id, 0)).isEqualTo(2);
        }
    }

    @Test
    void aRevertThatCannotBeCompletedHasChangedTheVolume() {
        TestPool pool = pool();
        try (LocalBackend backend = pool.open(disk)) {
            VolumeId id = written(backend, pool);
            disk.refuseLinks(true);
            assertThatThrownBy(() -> backend.revert(id, SET, memory()))
                    .isInstanceOfSatisfying(
                            VolumeException.class, e -> assertThat(e.kind()).isEqualTo(Kind.FAILED))
                    .hasMessageContaining("is full");
            assertThat(pool.content().read(id, 0)).isEqualTo(1);
            disk.refuseLinks(false);
            backend.revert(id, SET, memory());
            pool.assertNothingIsLeftOver();
            assertThat(pool.content().read(id, 0)).isEqualTo(1);
        }
    }

    private TestPool pool() {
        return TestPool.of(folder.resolve("pool"), VolumeDaemon.Format.QCOW2);
    }

    /** Makes a volume that held 1 when a snapshot was taken, and holds 2. */
    private static VolumeId written(LocalBackend backend, TestPool pool) {
        VolumeId id = backend.create(new Mark("a"), "a", 1 << 20, memory()).id();
        pool.content().write(id, 0, 1);
        backend.snapshot(id, SET, memory());
        pool.content().write(id, 0, 2);
        return id;
    }

    private static RememberedSteps memory() {
        return new RememberedSteps();
    }
}
