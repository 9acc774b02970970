package io.migratekit.volume.local;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.backend.Mark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Makes volumes: in a draft that gets its name when it is complete, so a volume is there as a whole or not at all. What a
 * crash left of a draft is removed by the next call with the same mark.
 */
final class Creation {
    private final LocalSettings settings;
    private final Pool pool;
    private final Disk disk;
    private final Changes changes;
    private final QemuImg qemuImg;

    Creation(LocalSettings settings, Pool pool, Disk disk, Changes changes, QemuImg qemuImg) {
        this.settings = settings;
        this.pool = pool;
        this.disk = disk;
        this.changes = changes;
        this.qemuImg = qemuImg;
    }

    /** Fills an image's file. */
    @FunctionalInterface
    private interface Filling {
        void fill(Path image) throws IOException;
    }

    /** Returns what an earlier call with this mark has made, and removes what it has left unfinished. */
    Optional<StoredVolume> made(Mark mark) throws IOException {
        VolumeId id = idOf(mark);
        changes.deleteTree(pool.draft(id));
        Optional<StoredVolume> volume = pool.load(id);
        if (volume.isPresent()) {
            changes.checkOwner(volume.get());
            disk.sync(pool.folder()); // perhaps the call was cut before it could
        }
        return volume;
    }

    StoredVolume empty(Mark mark, String name, long sizeBytes) throws IOException {
        Image.Format format = format();
        return make(mark, name, StoredImage.fresh(format), image -> {
            switch (format) {
                case RAW -> disk.makeSparse(image, sizeBytes);
                case QCOW2 -> qemuImg.create(image, sizeBytes);
            }
        });
    }

    /** Makes a volume that reads as a frozen image of another. */
    StoredVolume clone(Mark mark, String name, StoredVolume original, StoredImage frozen) throws IOException {
        long sizeBytes = pool.sizeBytes(original, frozen);
        StoredImage.Parent parent = new StoredImage.Parent(Optional.of(original.id()), frozen.file());
        return make(
                mark,
                name,
                StoredImage.over(parent),
                image -> qemuImg.overlay(image, parent.backing(), frozen.format(), sizeBytes));
    }

    VolumeId idOf(Mark mark) {
        return Pool.idOf(settings.installationId(), mark.text());
    }

    private Image.Format format() {
        return switch (settings.format()) {
            case AUTO -> qemuImg.installed() ? Image.Format.QCOW2 : Image.Format.RAW;
            case RAW -> Image.Format.RAW;
            case QCOW2 -> {
                qemuImg.program("a volume of migratekit.volumes.format 'qcow2'");
                yield Image.Format.QCOW2;
            }
        };
    }

    private StoredVolume make(Mark mark, String name, StoredImage image, Filling filling) throws IOException {
        VolumeId id = idOf(mark);
        Path draft = pool.draft(id);
        try {
            StoredVolume volume = StoredVolume.of(id, name, mark.text(), settings.installationId(), image);
            disk.makeFolder(draft);
            filling.fill(draft.resolve(image.file()));
            disk.write(draft.resolve(Pool.DESCRIPTION), VolumeJson.write(volume));
            disk.link(draft.resolve(Pool.LINK), image.file());
            disk.sync(draft);
            disk.move(draft, pool.of(id));
            disk.sync(pool.folder());
            return volume;
        } catch (IOException | VolumeException e) {
            clearUp(draft, e);
            throw e;
        }
    }

    private void clearUp(Path draft, Exception cause) {
        try {
            changes.deleteTree(draft);
        } catch (IOException e) {
            cause.addSuppressed(e); // the next call with the mark tries again
        }
    }
}
