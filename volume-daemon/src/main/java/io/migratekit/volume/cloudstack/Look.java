package io.migratekit.volume.cloudstack;

import java.util.Optional;

/**
 * What a look at the cloud showed of something that is to be.
 *
 * @param reached what is wanted, if it is so
 * @param underway whether the cloud is changing it at the moment, so that looking again is worth it
 */
record Look<T>(Optional<T> reached, boolean underway) {
    static <T> Look<T> reached(T wanted) {
        return new Look<>(Optional.of(wanted), false);
    }

    static <T> Look<T> not(boolean underway) {
        return new Look<>(Optional.empty(), underway);
    }
}
