package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.Image;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Raw volumes where qemu-img is installed: snapshots put qcow2 overlays on them. */
@NeedsPeer({"qemu-img", "qemu-io"})
final class LocalRawSnapshotsIT extends LocalContract {

    @Override
    TestPool pool(Path folder) {
        return TestPool.of(folder, VolumeDaemon.Format.RAW);
    }

    @Test
    void aRawVolumeIsRawAgainWhenItsSnapshotIsGone() {
        VolumeId id = volume();
        SnapshotSetId set = set();
        pool().content().write(id, 0, 1);
        backend().snapshot(id, set, memory());
        pool().content().write(id, 512, 2);
        assertThat(pool().stored(id).activeImage().format())
                .isEqualTo(Image.Format.QCOW2)
                .isEqualTo(backend().formatAfterSnapshot());
        backend().resize(id, 2 * sizeBytes(), memory());
        backend().deleteSnapshot(id, set, memory());

        assertThat(pool().stored(id).activeImage().format()).isEqualTo(Image.Format.RAW);
        assertThat(pool().content().read(id, 0)).isEqualTo(1);
        assertThat(pool().content().read(id, 512)).isEqualTo(2);
        assertThat(pool().content().read(id, 2 * sizeBytes() - 1)).isZero();
        assertThat(found(id).sizeBytes()).isEqualTo(2 * sizeBytes());
    }
}
