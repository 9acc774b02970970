package io.migratekit.volume.local;

import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeId;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A snapshot of a volume: an image that is not written any more.
 *
 * @param set which set it belongs to
 * @param file the image
 * @param clones volumes that were to be made of it, noted before they are made; those that have no folder (any more) do
 *     not count
 */
record StoredSnapshot(SnapshotSetId set, String file, List<VolumeId> clones) {
    StoredSnapshot {
        clones = List.copyOf(clones);
    }

    StoredSnapshot withClone(VolumeId clone, Predicate<VolumeId> exists) {
        return new StoredSnapshot(
                set,
                file,
                Stream.concat(clones.stream().filter(exists), Stream.of(clone))
                        .distinct()
                        .toList());
    }

    StoredSnapshot withFile(String image) {
        return new StoredSnapshot(set, image, clones);
    }
}
