package io.migratekit.source.nbdexport;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import java.util.Optional;

/**
 * An export and what is asked of it.
 *
 * @param uri where it is, without the bitmap's name
 * @param bitmapContext metadata context of the dirty bitmap that the operator named
 */
record ExportQuestion(NbdUri uri, Optional<String> bitmapContext) {
    static final String ALLOCATION = "base:allocation";

    private static final String BITMAP_PARAMETER = "bitmap";
    private static final String BITMAP_PREFIX = "qemu:dirty-bitmap:";

    /** Longest name that fits into a change id with its prefix. */
    private static final int BITMAP_CHARS_MAX = 191 - BITMAP_PREFIX.length();

    static ExportQuestion of(NbdUri uri) {
        Optional<String> bitmap = uri.parameter(BITMAP_PARAMETER);
        if (bitmap.isPresent() && (bitmap.get().isBlank() || bitmap.get().length() > BITMAP_CHARS_MAX)) {
            throw new IllegalArgumentException("'%s' names a bitmap of %d characters; 1 to %d are needed"
                    .formatted(uri, bitmap.get().length(), BITMAP_CHARS_MAX));
        }
        return new ExportQuestion(uri.without(BITMAP_PARAMETER), bitmap.map(name -> BITMAP_PREFIX + name));
    }

    ClientOptions applyTo(ClientOptions options) {
        return bitmapContext
                .map(context -> options.withContexts(ALLOCATION, context))
                .orElseGet(() -> options.withContexts(ALLOCATION));
    }
}
