package io.migratekit.volume.local;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Changes what is said of a volume, as a whole and durably, and removes what crashed calls have left beside it. */
final class Changes {
    private static final String NEW = ".new";

    private final Pool pool;
    private final Disk disk;
    private final String owner;

    Changes(Pool pool, Disk disk, String owner) {
        this.pool = pool;
        this.disk = disk;
        this.owner = owner;
    }

    /**
     * Reads a volume that is to be changed, and clears up behind a crash. What was seen is durable then, even if the call
     * that wrote it was cut before it could see to that.
     *
     * @throws VolumeException if there is none, or it is another installation's
     */
    StoredVolume begin(VolumeId id) throws IOException {
        StoredVolume volume = owned(id);
        sweep(volume);
        disk.sync(pool.of(id));
        if (!isLinked(volume)) {
            link(volume);
        }
        return volume;
    }

    /**
     * Reads a volume of ours.
     *
     * @throws VolumeException if there is none, or it is another installation's
     */
    StoredVolume owned(VolumeId id) throws IOException {
        StoredVolume volume = pool.load(id)
                .orElseThrow(() -> new VolumeException(
                        VolumeException.Kind.NO_SUCH_THING,
                        "no volume %s is in the pool %s; 'volume reconcile' tells what else differs"
                                .formatted(id, pool.folder())));
        checkOwner(volume);
        return volume;
    }

    void checkOwner(StoredVolume volume) {
        if (!volume.owner().equals(owner)) {
            throw new VolumeException(
                    VolumeException.Kind.REFUSED,
                    "volume %s ('%s') belongs to installation %s and is not changed by this one, %s"
                            .formatted(volume.id(), volume.name(), volume.owner(), owner));
        }
    }

    /** Replaces the description; whoever reads sees the old one or the new one. */
    StoredVolume store(StoredVolume volume) throws IOException {
        Path folder = pool.of(volume.id());
        disk.write(folder.resolve(Pool.DESCRIPTION + NEW), VolumeJson.write(volume));
        disk.move(folder.resolve(Pool.DESCRIPTION + NEW), folder.resolve(Pool.DESCRIPTION));
        HalfDone.finish(() -> disk.sync(folder));
        return volume;
    }

    /**
     * Replaces the description by one with another active image. There is no link meanwhile, so nobody who goes by it
     * can write the image that is frozen now.
     */
    StoredVolume storeMoved(StoredVolume volume) throws IOException {
        disk.delete(pool.link(volume.id()));
        disk.sync(pool.of(volume.id()));
        store(volume);
        HalfDone.finish(() -> link(volume));
        return volume;
    }

    /** Tells whether the link leads to the active image. */
    boolean isLinked(StoredVolume volume) throws IOException {
        try {
            return Files.readSymbolicLink(pool.link(volume.id())).equals(Path.of(volume.active()));
        } catch (NoSuchFileException | NotLinkException e) {
            return false;
        }
    }

    private void link(StoredVolume volume) throws IOException {
        Path folder = pool.of(volume.id());
        disk.delete(folder.resolve(Pool.LINK + NEW));
        disk.link(folder.resolve(Pool.LINK + NEW), volume.active());
        disk.move(folder.resolve(Pool.LINK + NEW), pool.link(volume.id()));
        disk.sync(folder);
    }

    private void sweep(StoredVolume volume) throws IOException {
        List<Path> leftOver = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(pool.of(volume.id()))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                boolean unknownImage = StoredImage.isName(name)
                        && volume.images().stream()
                                .noneMatch(image -> image.file().equals(name));
                if (unknownImage || name.equals(Pool.DESCRIPTION + NEW) || name.equals(Pool.LINK + NEW)) {
                    leftOver.add(entry);
                }
            }
        }
        for (Path path : leftOver) {
            disk.delete(path);
        }
    }

    /** Deletes a folder and all in it; nothing happens if it is gone. Links are not followed. */
    void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> tree = Files.walk(folder)) {
            paths = new ArrayList<>(tree.toList());
        }
        paths.sort(Comparator.reverseOrder());
        for (Path path : paths) {
            disk.delete(path);
        }
        disk.sync(pool.folder());
    }
}
