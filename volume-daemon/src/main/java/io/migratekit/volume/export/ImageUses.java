package io.migratekit.volume.export;

import io.migratekit.volume.ExportName;
import io.migratekit.volume.VolumeException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which export has which image, so that no image ever has two, and none is written while it lies below another. Safe
 * for many threads.
 */
final class ImageUses {
    private final Map<ExportName, Use> uses = new HashMap<>(); // guarded by this

    private record Use(ImageFile image, boolean readOnly) {
        /** A file below others may be read by many, but written by nobody. */
        boolean disturbs(Use other) {
            return !readOnly && other.image.backing().contains(image.identity());
        }
    }

    /**
     * Takes an image for an export.
     *
     * @return false if the export has it already
     * @throws VolumeException of kind REFUSED if the export has another image, or the image another export
     */
    synchronized boolean take(ExportName name, ImageFile image, boolean readOnly) {
        Use wish = new Use(image, readOnly);
        Use present = uses.get(name);
        if (present != null) {
            if (present.image.identity().equals(image.identity())) {
                return false;
            }
            throw refused("the export %s serves %s already, and not %s; a name is never used twice"
                    .formatted(name, present.image.path(), image.path()));
        }
        uses.forEach((holder, use) -> checkBeside(holder, use, wish));
        uses.put(name, wish);
        return true;
    }

    /** Gives an image up; nothing happens if the export has none. */
    synchronized void giveUp(ExportName name) {
        uses.remove(name);
    }

    synchronized void clear() {
        uses.clear();
    }

    /** Notes what is so already, with no question whether it should be. */
    synchronized void note(ExportName name, ImageFile image, boolean readOnly) {
        uses.put(name, new Use(image, readOnly));
    }

    synchronized Optional<ImageFile> of(ExportName name) {
        return Optional.ofNullable(uses.get(name)).map(Use::image);
    }

    synchronized Set<ExportName> names() {
        return Set.copyOf(uses.keySet());
    }

    private static void checkBeside(ExportName holder, Use use, Use wish) {
        if (use.image.identity().equals(wish.image.identity())) {
            throw refused("the image %s is served as %s already; remove that export first"
                    .formatted(wish.image.path(), holder));
        }
        if (wish.disturbs(use)) {
            throw refused("the image %s lies below %s, which is served as %s; to write it would change that"
                    .formatted(wish.image.path(), use.image.path(), holder));
        }
        if (use.disturbs(wish)) {
            throw refused("the image %s lies on %s, which %s may write; remove that export first"
                    .formatted(wish.image.path(), use.image.path(), holder));
        }
    }

    private static VolumeException refused(String message) {
        return new VolumeException(VolumeException.Kind.REFUSED, message);
    }
}
