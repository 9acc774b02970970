package io.migratekit.volume.local;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.Image;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * One image of a volume.
 *
 * @param file its name in the volume's folder, never used twice: what an earlier process may still be making under
 *     another name cannot disturb
 * @param format what is in it
 * @param parent what it reads as where it was not written; empty where that is zero
 */
record StoredImage(String file, Image.Format format, Optional<Parent> parent) {
    private static final Pattern FILE = Pattern.compile("image-[0-9a-f]{12}\\.(raw|qcow2)");

    /**
     * The image behind another.
     *
     * @param volume whose folder it is in, if that is another volume's: then this is a clone
     * @param file its name there
     */
    record Parent(Optional<VolumeId> volume, String file) {
        Parent {
            checkFile(file);
        }

        /** Returns how qcow2 names it, as seen from the folder of any volume of the pool. */
        String backing() {
            return volume.map(id -> "../" + id + "/" + file).orElse(file);
        }
    }

    StoredImage {
        checkFile(file);
    }

    /** Returns an image that is nobody's overlay and has no file yet. */
    static StoredImage fresh(Image.Format format) {
        return new StoredImage(freshFile(format), format, Optional.empty());
    }

    /** Returns an overlay that has no file yet. */
    static StoredImage over(Parent parent) {
        return new StoredImage(freshFile(Image.Format.QCOW2), Image.Format.QCOW2, Optional.of(parent));
    }

    /** Tells whether an image could have that name; nothing else in a volume's folder is ever removed as a left-over. */
    static boolean isName(String file) {
        return FILE.matcher(file).matches();
    }

    @JsonIgnore
    boolean isChildOf(String image) {
        return parent.filter(p -> p.volume().isEmpty() && p.file().equals(image))
                .isPresent();
    }

    StoredImage withLocalParent(String image) {
        return new StoredImage(file, format, Optional.of(new Parent(Optional.empty(), image)));
    }

    private static String freshFile(Image.Format format) {
        String digits = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        return "image-%s.%s".formatted(digits, format.name().toLowerCase(Locale.ROOT));
    }

    private static void checkFile(String file) {
        if (!isName(file)) {
            throw new IllegalArgumentException("'%s' is no image's name".formatted(file));
        }
    }
}
