package io.migratekit.source.standing;

import io.migratekit.source.ChangeId;
import io.migratekit.source.ChangeQuery;
import io.migratekit.source.DiskAccess;
import io.migratekit.source.SourceDisk;
import io.migratekit.source.SourceException;
import java.io.IOException;
import java.util.Optional;

/**
 * A disk that is copied as it stands. Whoever serves it keeps it still while it is copied; we cannot see to that.
 * Holds no resources.
 */
public interface StandingDisk {

    /** Returns the disk as it was when it was looked at. */
    SourceDisk disk();

    /**
     * Returns all that tells whether it still is the same disk with the same content: equal texts mean that a copy may
     * go on after a restart. May ask the source.
     */
    String identity() throws IOException;

    /** Returns what the next replication can ask changes since, if this kind keeps track of them. */
    Optional<ChangeId> changeId() throws IOException;

    /** Returns what {@link io.migratekit.source.SourceSnapshot#accumulates} says of this disk. */
    default boolean accumulates() {
        return false;
    }

    /**
     * Starts a query, as {@link io.migratekit.source.SourceSnapshot#changes} describes.
     *
     * @throws SourceException.ChangesUnknown if changes since then are not known
     */
    ChangeQuery changes(Optional<ChangeId> since) throws IOException;

    /** Opens the content for reading. */
    DiskAccess open() throws IOException;
}
