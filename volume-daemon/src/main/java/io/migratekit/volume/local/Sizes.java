package io.migratekit.volume.local;

import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.io.IOException;
import java.nio.file.Path;

/** Which sizes volumes may have, and how they grow. */
final class Sizes {
    private final Pool pool;
    private final Disk disk;
    private final Changes changes;
    private final QemuImg qemuImg;
    private final Room room;

    Sizes(Pool pool, Disk disk, Changes changes, QemuImg qemuImg, Room room) {
        this.pool = pool;
        this.disk = disk;
        this.changes = changes;
        this.qemuImg = qemuImg;
        this.room = room;
    }

    /** Returns the next multiple of a sector. */
    static long rounded(long sizeBytes) {
        long sectors = Math.max(1, -Math.floorDiv(-sizeBytes, (long) VolumeRequest.SECTOR_BYTES));
        return Math.multiplyExact(sectors, VolumeRequest.SECTOR_BYTES);
    }

    static void check(String name, long sizeBytes) {
        if (sizeBytes < VolumeRequest.SECTOR_BYTES || sizeBytes % VolumeRequest.SECTOR_BYTES != 0) {
            throw Refused.because("volume '%s' cannot have %d bytes; a multiple of %d is needed"
                    .formatted(name, sizeBytes, VolumeRequest.SECTOR_BYTES));
        }
    }

    /** Makes a volume larger; nothing happens if it has that size. */
    StoredVolume grow(VolumeId id, long sizeBytes) throws IOException {
        StoredVolume volume = changes.begin(id);
        check(volume.name(), sizeBytes);
        long presentBytes = pool.sizeBytes(volume);
        if (sizeBytes < presentBytes) {
            throw Refused.because(
                    "volume %s ('%s') has %d bytes and cannot shrink to %d; what lies beyond would be lost"
                            .formatted(id, volume.name(), presentBytes, sizeBytes));
        }
        if (sizeBytes > presentBytes) {
            room.check(sizeBytes - presentBytes);
            grow(volume, sizeBytes);
        }
        disk.sync(pool.activeImage(volume)); // also if a call was cut before it could
        return volume;
    }

    private void grow(StoredVolume volume, long sizeBytes) throws IOException {
        Path image = pool.activeImage(volume);
        switch (volume.activeImage().format()) {
            case RAW -> disk.extend(image, sizeBytes);
            case QCOW2 -> qemuImg.resize(image, sizeBytes);
        }
    }
}
