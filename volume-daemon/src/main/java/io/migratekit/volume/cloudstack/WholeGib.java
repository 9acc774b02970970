package io.migratekit.volume.cloudstack;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;

/** CloudStack counts volumes in whole GiB. The only place where a size is rounded, and always up. */
final class WholeGib {
    private static final int GIB_SHIFT = 30;
    private static final long GIB_BYTES = 1L << GIB_SHIFT;

    /** The largest size that CloudStack's own limit on storage can be raised to count. */
    private static final long GIB_MAX = 1L << 32;

    private WholeGib() {}

    /** Returns how many GiB hold that many bytes. */
    static long of(long sizeBytes) {
        if (sizeBytes < 1 || sizeBytes > GIB_MAX << GIB_SHIFT) {
            throw new VolumeException(
                    Kind.REFUSED,
                    "a volume of %d bytes; 1 byte to %d GiB are possible in CloudStack".formatted(sizeBytes, GIB_MAX));
        }
        return (sizeBytes + GIB_BYTES - 1) >> GIB_SHIFT;
    }

    /** Returns the size of the volume that holds that many bytes. */
    static long bytes(long sizeBytes) {
        return of(sizeBytes) << GIB_SHIFT;
    }
}
