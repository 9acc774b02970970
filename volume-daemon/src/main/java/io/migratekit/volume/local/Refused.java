package io.migratekit.volume.local;

import io.migratekit.volume.VolumeException;

/** What makes no sense as things are. */
final class Refused {
    private Refused() {}

    /** Returns the exception that says which volume, why, and what to do first. */
    static VolumeException because(String message) {
        return new VolumeException(VolumeException.Kind.REFUSED, message);
    }
}
