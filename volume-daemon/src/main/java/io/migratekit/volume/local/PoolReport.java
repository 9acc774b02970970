package io.migratekit.volume.local;

import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Collectors;

/** Tells people how a pool is. */
final class PoolReport {
    private final Pool pool;
    private final Room room;
    private final QemuImg qemuImg;
    private final String installationId;

    PoolReport(Pool pool, Room room, QemuImg qemuImg, String installationId) {
        this.pool = pool;
        this.room = room;
        this.qemuImg = qemuImg;
        this.installationId = installationId;
    }

    String text() throws IOException {
        if (!Files.isWritable(pool.folder())) {
            throw new IOException(pool.folder() + " cannot be written");
        }
        Pool.Content content = pool.content();
        long foreign = content.volumes().stream()
                .filter(volume -> !volume.owner().equals(installationId))
                .count();
        String damaged =
                content.damaged().stream().map(DamagedVolume::getMessage).collect(Collectors.joining("; "));
        return "pool %s: %d volumes, %d of them of other installations, %d more damaged; %.1f GiB free; %s%s"
                .formatted(
                        pool.folder(),
                        content.volumes().size(),
                        foreign,
                        content.damaged().size(),
                        room.freeBytes() / (double) (1L << 30),
                        qemuImg.version().orElse("no qemu-img, so no snapshots"),
                        damaged.isEmpty() ? "" : "; " + damaged);
    }
}
