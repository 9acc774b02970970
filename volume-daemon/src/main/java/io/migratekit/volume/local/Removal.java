package io.migratekit.volume.local;

import io.migratekit.volume.VolumeId;
import java.io.IOException;
import java.util.List;

/** Deletes volumes: they leave their name at once, and then are deleted bit by bit. */
final class Removal {
    private final Pool pool;
    private final Disk disk;
    private final Changes changes;
    private final Snapshots snapshots;

    Removal(Pool pool, Disk disk, Changes changes, Snapshots snapshots) {
        this.pool = pool;
        this.disk = disk;
        this.changes = changes;
        this.snapshots = snapshots;
    }

    /** Deletes a volume, or the rest of one whose deletion was cut. */
    void remove(VolumeId id) throws IOException {
        changes.deleteTree(pool.gone(id));
        if (!pool.exists(id)) {
            disk.sync(pool.folder()); // perhaps a call was cut before it could
            return;
        }
        check(changes.owned(id));
        disk.move(pool.of(id), pool.gone(id));
        disk.sync(pool.folder());
        changes.deleteTree(pool.gone(id));
    }

    private void check(StoredVolume volume) throws IOException {
        if (volume.attachment().isPresent()) {
            throw Refused.because("volume %s ('%s') is attached to VM %s; detach it before it is deleted"
                    .formatted(
                            volume.id(),
                            volume.name(),
                            volume.attachment().get().vmId()));
        }
        snapshots.checkNoClones(volume, volume.snapshots());
        if (!volume.snapshots().isEmpty()) {
            List<?> sets = volume.snapshots().stream().map(StoredSnapshot::set).toList();
            throw Refused.because("volume %s ('%s') has snapshots of %s; delete them before it is deleted"
                    .formatted(volume.id(), volume.name(), sets));
        }
        snapshots.checkIdle(volume);
    }
}
