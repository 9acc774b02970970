package io.migratekit.source.standing;

import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceException;
import io.migratekit.source.SourceRef;
import java.io.IOException;

/** One kind of disks that are copied as they stand. */
public interface StandingDisks {

    /** Returns what a reference of this kind looks like, for messages. */
    String form();

    /** Tells whether {@code ref} has the form of this kind; looks at the text only. */
    boolean accepts(SourceRef ref);

    /**
     * Looks at a disk now.
     *
     * @throws IllegalArgumentException if the reference is malformed
     * @throws SourceException.NotFound if there is no such disk, or it is not given to us
     */
    StandingDisk look(DiskKey key, SourceRef ref) throws IOException;
}
