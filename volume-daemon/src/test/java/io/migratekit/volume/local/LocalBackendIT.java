package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.backend.BackendVolume;
import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** qcow2 volumes by the real qemu-img. */
@NeedsPeer({"qemu-img", "qemu-io", "qemu-nbd"})
final class LocalBackendIT extends LocalContract {

    @Override
    TestPool pool(Path folder) {
        return TestPool.of(folder, VolumeDaemon.Format.AUTO);
    }

    @Test
    void makesAQcow2VolumeOfATebibyteWithoutWritingIt() throws IOException {
        LocalBackend backend = reopen(pool().with(0, 1000));
        VolumeId id = backend.create(mark(), "large", 1L << 40, memory()).id();

        assertThat(backend.find(id).orElseThrow().sizeBytes()).isEqualTo(1L << 40);
        assertThat(Files.size(pool().image(id))).isLessThan(1 << 20);
        backend.attach(id, VolumeRequest.APPLIANCE, false, memory());
        assertThat(backend.image(id)).isEqualTo(new Image(pool().image(id), Image.Format.QCOW2));
    }

    @Test
    void theDevicesPathOutlivesSnapshotsRevertsAndMerges() throws IOException {
        VolumeId id = volume();
        SnapshotSetId set = set();
        String device = backend()
                .attach(id, VolumeRequest.APPLIANCE, false, memory())
                .devicePath()
                .orElseThrow();
        backend().snapshot(id, set, memory());
        assertLeadsToTheImage(device, id);
        backend().revert(id, set, memory());
        assertLeadsToTheImage(device, id);
        backend().deleteSnapshot(id, set, memory());
        assertLeadsToTheImage(device, id);
    }

    private void assertLeadsToTheImage(String device, VolumeId id) throws IOException {
        assertThat(found(id).attachment().orElseThrow().devicePath()).contains(device);
        assertThat(Path.of(device).toRealPath())
                .isEqualTo(backend().image(id).path().toRealPath());
    }

    @Test
    void removingTheOnlySnapshotLeavesOneImage() {
        VolumeId id = volume();
        SnapshotSetId set = set();
        backend().snapshot(id, set, memory());
        assertThat(pool().stored(id).images()).hasSize(2);
        backend().deleteSnapshot(id, set, memory());
        assertThat(pool().stored(id).images()).hasSize(1);
    }

    @Test
    void aVolumeThatGrewAfterItsSnapshotKeepsItsSizeAndShowsNothingOld() {
        VolumeId id = volume();
        SnapshotSetId set = set();
        pool().content().write(id, sizeBytes() - 1, 1);
        backend().snapshot(id, set, memory());
        backend().resize(id, 2 * sizeBytes(), memory());
        pool().content().write(id, 2 * sizeBytes() - 1, 2);
        backend().revert(id, set, memory());

        assertThat(found(id).sizeBytes()).isEqualTo(2 * sizeBytes());
        assertThat(pool().content().read(id, sizeBytes() - 1)).isEqualTo(1);
        assertThat(pool().content().read(id, 2 * sizeBytes() - 1)).isZero();
        VolumeId clone =
                backend().cloneSnapshot(id, set, mark(), "clone", memory()).id();
        assertThat(found(clone).sizeBytes()).isEqualTo(sizeBytes());
        backend().resize(clone, 2 * sizeBytes(), memory());
        assertThat(pool().content().read(clone, 2 * sizeBytes() - 1)).isZero();
        backend().delete(clone, memory());
        pool().content().write(id, 2 * sizeBytes() - 1, 3);
        backend().deleteSnapshot(id, set, memory());
        assertThat(found(id).sizeBytes()).isEqualTo(2 * sizeBytes());
        assertThat(pool().content().read(id, 2 * sizeBytes() - 1)).isEqualTo(3);
        assertThat(pool().content().read(id, sizeBytes() - 1)).isEqualTo(1);
    }

    @Test
    void whatAVolumeHoldsNeedsRoomASecondTimeForASnapshot() throws IOException {
        VolumeId id = volume();
        Qemu.write(pool().image(id), Image.Format.QCOW2, 0, 1 << 20, 1);
        // Not what is free now: others write to the same file system, and free space comes and goes.
        long everythingBytes = Files.getFileStore(folder).getTotalSpace();
        LocalBackend tight = reopen(pool().with(everythingBytes, 1));
        assertRefused(Kind.NO_ROOM, () -> tight.checkSnapshots(List.of(id)));
        reopen(pool()).checkSnapshots(List.of(id));
    }

    @Test
    void leavesAVolumeAloneThatAnotherProcessWrites() {
        VolumeId id = volume();
        SnapshotSetId set = set();
        backend().attach(id, vm(), false, memory());
        pool().content().write(id, 0, 1);
        backend().snapshot(id, set, memory());
        pool().content().write(id, 0, 2);
        try (Peer peer = Peer.qemuNbd(folder, "-f", "qcow2", pool().image(id).toString())) {
            assertThat(peer.alive()).isTrue();
            assertRefused(Kind.BUSY, () -> backend().snapshot(id, set(), memory()));
            assertRefused(Kind.BUSY, () -> backend().checkSnapshots(List.of(id)));
            assertRefused(Kind.BUSY, () -> backend().revert(id, set, memory()));
            assertRefused(Kind.BUSY, () -> backend().resize(id, 2 * sizeBytes(), memory()));
            assertRefused(Kind.BUSY, () -> backend().detach(id, memory()));
            assertThat(found(id).snapshots()).containsExactly(set);
            assertThat(pool().stored(id).images()).hasSize(2);
            backend().deleteSnapshot(id, set, memory());
            assertThat(found(id).snapshots()).isEmpty();
            assertThat(pool().stored(id).images())
                    .as("they cannot be merged now")
                    .hasSize(2);
        }
        backend().deleteSnapshot(id, set, memory());
        assertThat(pool().stored(id).images()).hasSize(1);
        assertThat(pool().content().read(id, 0)).isEqualTo(2);
    }

    @Test
    void aMovedPoolReadsTheSame() throws IOException {
        VolumeId id = volume();
        SnapshotSetId set = set();
        pool().content().write(id, 0, 1);
        backend().snapshot(id, set, memory());
        VolumeId clone =
                backend().cloneSnapshot(id, set, mark(), "clone", memory()).id();
        close();
        TestPool moved = pool().at(folder.resolve("moved"));
        Files.move(pool().settings().pool(), moved.settings().pool());
        try (LocalBackend backend = moved.open()) {
            assertThat(backend.owned()).extracting(BackendVolume::id).containsExactlyInAnyOrder(id, clone);
            assertThat(moved.content().read(clone, 0)).isEqualTo(1);
            assertThat(moved.content().read(id, 0)).isEqualTo(1);
        }
        Files.move(moved.settings().pool(), pool().settings().pool());
    }
}
