package io.migratekit.volume.local;

import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code volume.json} says; a field's name is part of the file. A volume's size is not in it, since its image has
 * it: two places could differ.
 *
 * @param version of this description
 * @param id also the folder's name
 * @param name for people
 * @param mark of its creation
 * @param owner the ownership tag
 * @param attachment where it is attached
 * @param active the image that is written; no other is an overlay of it
 * @param images all of them: a tree, whose root may be an overlay of another volume's image
 * @param snapshots which images are kept for sets; an image that is neither kept nor active only serves those behind it
 */
record StoredVolume(
        int version,
        VolumeId id,
        String name,
        String mark,
        String owner,
        Optional<StoredAttachment> attachment,
        String active,
        List<StoredImage> images,
        List<StoredSnapshot> snapshots) {
    static final int VERSION = 1;

    StoredVolume {
        images = List.copyOf(images);
        snapshots = List.copyOf(snapshots);
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "its version is %d, and this program reads version %d".formatted(version, VERSION));
        }
        Set<String> files = images.stream().map(StoredImage::file).collect(Collectors.toSet());
        Stream<String> parents = images.stream()
                .flatMap(image -> image.parent().stream())
                .filter(parent -> parent.volume().isEmpty())
                .map(StoredImage.Parent::file);
        Stream<String> named = Stream.concat(snapshots.stream().map(StoredSnapshot::file), Stream.of(active));
        Stream.concat(parents, named)
                .filter(file -> !files.contains(file))
                .findAny()
                .ifPresent(file -> {
                    throw new IllegalArgumentException("it refers to %s, which is none of its images".formatted(file));
                });
    }

    /** Returns a new volume of one image. */
    static StoredVolume of(VolumeId id, String name, String mark, String owner, StoredImage image) {
        return new StoredVolume(
                VERSION, id, name, mark, owner, Optional.empty(), image.file(), List.of(image), List.of());
    }

    StoredImage activeImage() {
        return image(active);
    }

    StoredImage image(String file) {
        return images.stream()
                .filter(image -> image.file().equals(file))
                .findAny()
                .orElseThrow();
    }

    List<StoredImage> children(String file) {
        return images.stream().filter(image -> image.isChildOf(file)).toList();
    }

    Optional<StoredSnapshot> snapshot(SnapshotSetId set) {
        return snapshots.stream().filter(snapshot -> snapshot.set().equals(set)).findAny();
    }

    List<StoredSnapshot> snapshotsAt(String file) {
        return snapshots.stream()
                .filter(snapshot -> snapshot.file().equals(file))
                .toList();
    }

    /** Tells whether an image is there for its own sake. */
    boolean isWanted(String file) {
        return file.equals(active) || !snapshotsAt(file).isEmpty();
    }

    StoredVolume withAttachment(Optional<StoredAttachment> where) {
        return new StoredVolume(version, id, name, mark, owner, where, active, images, snapshots);
    }

    /** Keeps the active image for a set and goes on in an overlay of it. */
    StoredVolume frozen(SnapshotSetId set, StoredImage overlay) {
        Stream<StoredSnapshot> more = Stream.of(new StoredSnapshot(set, active, List.of()));
        return with(
                overlay.file(),
                Stream.concat(images.stream(), Stream.of(overlay)).toList(),
                Stream.concat(snapshots.stream(), more).toList());
    }

    /** Goes on in an overlay, in place of the active image. */
    StoredVolume restarted(StoredImage overlay) {
        Stream<StoredImage> others =
                images.stream().filter(image -> !image.file().equals(active));
        return with(overlay.file(), Stream.concat(others, Stream.of(overlay)).toList(), snapshots);
    }

    /** Gives the place of an image to its parent, which holds the same by now. */
    StoredVolume merged(String parent, String child) {
        UnaryOperator<String> renamed = file -> file.equals(child) ? parent : file;
        return with(
                renamed.apply(active),
                images.stream()
                        .filter(image -> !image.file().equals(child))
                        .map(image -> image.isChildOf(child) ? image.withLocalParent(parent) : image)
                        .toList(),
                snapshots.stream()
                        .map(snapshot -> snapshot.withFile(renamed.apply(snapshot.file())))
                        .toList());
    }

    StoredVolume withoutImage(String file) {
        return with(
                active,
                images.stream().filter(image -> !image.file().equals(file)).toList(),
                snapshots);
    }

    StoredVolume withoutSnapshot(SnapshotSetId set) {
        return with(
                active,
                images,
                snapshots.stream()
                        .filter(snapshot -> !snapshot.set().equals(set))
                        .toList());
    }

    /**
     * Notes a clone that is to be made of a snapshot, and forgets those that are gone.
     *
     * @param exists whether a volume is there
     */
    StoredVolume withClone(SnapshotSetId set, VolumeId clone, Predicate<VolumeId> exists) {
        return with(
                active,
                images,
                snapshots.stream()
                        .map(snapshot -> snapshot.set().equals(set) ? snapshot.withClone(clone, exists) : snapshot)
                        .toList());
    }

    private StoredVolume with(String newActive, List<StoredImage> newImages, List<StoredSnapshot> newSnapshots) {
        return new StoredVolume(version, id, name, mark, owner, attachment, newActive, newImages, newSnapshots);
    }
}
