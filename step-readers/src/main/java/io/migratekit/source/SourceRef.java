package io.migratekit.source;

/**
 * A disk named by a user at its source: an NBD URI, an image file ({@code /images/web01.raw} or {@code file:…}), a
 * lab disk ({@code lab:/folder/of/the/lab/VM/DISKKEY}), or a disk of a vCenter ({@code vcenter:UUID/UUID/KEY}).
 *
 * @param text as the user wrote it, not blank
 */
public record SourceRef(String text) {
    public SourceRef {
        if (text.isBlank()) {
            throw new IllegalArgumentException("an empty source; give an NBD URI or an image file");
        }
    }

    /** Tells whether {@code text} names a disk of a machine by identity; otherwise it is an NBD URI or a path. */
    public static boolean isMachineDisk(String text) {
        return text.startsWith("lab:") || text.startsWith("vcenter:");
    }

    @Override
    public String toString() {
        return text;
    }
}
