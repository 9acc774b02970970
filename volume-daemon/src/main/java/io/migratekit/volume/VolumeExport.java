package io.migratekit.volume;

import java.util.Optional;

/**
 * An export of a volume, as the ledger knows it. Rows of ended exports stay, so that no name is used twice.
 *
 * @param name with its epoch
 * @param state how it is
 * @param readOnly whether writes are refused
 * @param uri where it is served, while it is
 */
public record VolumeExport(ExportName name, State state, boolean readOnly, Optional<String> uri) {

    /** How an export is. */
    public enum State {
        /** Its epoch is taken; it is not served yet. */
        PENDING,
        /** It is served, and is served again after a restart of the daemon. */
        ACTIVE,
        /** Nothing can be written through it any more. */
        ENDED
    }
}
