package io.migratekit.volume.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shortens chains by images that nobody wants for their own sake. An image without overlays goes; one with a single
 * overlay takes over what that holds, and its place. What others depend on, or a process has open, is kept, which costs
 * room and nothing else; the next removal of a snapshot tries again.
 */
final class Merging {
    private static final Logger log = LoggerFactory.getLogger(Merging.class);

    private final Pool pool;
    private final Disk disk;
    private final Changes changes;
    private final QemuImg qemuImg;
    private final Room room;

    Merging(Pool pool, Disk disk, Changes changes, QemuImg qemuImg, Room room) {
        this.pool = pool;
        this.disk = disk;
        this.changes = changes;
        this.qemuImg = qemuImg;
        this.room = room;
    }

    /** Shortens as far as possible. Can be cut anywhere: what a volume reads as never changes. */
    void tidy(StoredVolume untidy) throws IOException {
        StoredVolume volume = withoutGarbage(untidy);
        Set<String> kept = new HashSet<>();
        Optional<StoredImage> next = mergeable(volume, kept);
        while (next.isPresent()) {
            String parent = next.get().file();
            if (!merge(volume, next.get(), volume.children(parent).get(0))) {
                kept.add(parent);
            }
            volume = withoutGarbage(changes.begin(volume.id()));
            next = mergeable(volume, kept);
        }
    }

    private StoredVolume withoutGarbage(StoredVolume untidy) throws IOException {
        StoredVolume volume = untidy;
        Optional<StoredImage> garbage = garbage(volume);
        while (garbage.isPresent()) {
            volume = changes.store(volume.withoutImage(garbage.get().file()));
            disk.delete(pool.image(volume, garbage.get().file()));
            garbage = garbage(volume);
        }
        return volume;
    }

    private static Optional<StoredImage> garbage(StoredVolume volume) {
        return volume.images().stream()
                .filter(image -> !volume.isWanted(image.file())
                        && volume.children(image.file()).isEmpty())
                .findFirst();
    }

    private Optional<StoredImage> mergeable(StoredVolume volume, Set<String> kept) {
        return volume.images().stream()
                .filter(image -> !volume.isWanted(image.file()) && !kept.contains(image.file()))
                .filter(image -> isMergeable(volume, volume.children(image.file())))
                .findFirst();
    }

    /** A clone names its base by file, and may be in use: the file must stay. */
    private boolean isMergeable(StoredVolume volume, List<StoredImage> children) {
        return children.size() == 1
                && volume.snapshotsAt(children.get(0).file()).stream()
                        .allMatch(snapshot -> pool.living(snapshot).isEmpty());
    }

    private boolean merge(StoredVolume volume, StoredImage parent, StoredImage child) throws IOException {
        long allocatedBytes = room.allocatedBytes(volume, child.file());
        if (room.freeBytes() < allocatedBytes) {
            log.warn(
                    "volume {}: {} stays beneath {}, since merging may need {} bytes, more than the pool has",
                    volume.id(),
                    parent.file(),
                    child.file(),
                    allocatedBytes);
            return false;
        }
        try {
            copyDown(volume, parent, child, allocatedBytes);
        } catch (ProgramFailure e) {
            if (!e.inUse()) {
                throw e;
            }
            log.info("volume {}: {} stays beneath {}, which is in use", volume.id(), parent.file(), child.file(), e);
            return false;
        }
        StoredVolume merged = volume.merged(parent.file(), child.file());
        if (merged.active().equals(volume.active())) {
            changes.store(merged);
        } else {
            changes.storeMoved(merged);
        }
        disk.delete(pool.image(volume, child.file()));
        return true;
    }

    private void copyDown(StoredVolume volume, StoredImage parent, StoredImage child, long allocatedBytes)
            throws IOException {
        Path file = pool.image(volume, child.file());
        if (!ImageHeader.backing(file).equals(Optional.of(parent.file()))) {
            // An earlier merge ended between its last two steps. What it named holds the same as what we have noted.
            qemuImg.rebase(file, parent.file(), parent.format());
        }
        qemuImg.commit(file, pool.image(volume, parent.file()), allocatedBytes);
        for (StoredImage grandchild : volume.children(child.file())) {
            qemuImg.rebase(pool.image(volume, grandchild.file()), parent.file(), parent.format());
        }
    }
}
