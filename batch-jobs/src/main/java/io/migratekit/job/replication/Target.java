package io.migratekit.job.replication;

import io.migratekit.job.TargetRef;
import io.migratekit.nbd.NbdUri;
import java.util.Optional;

/**
 * A target while a job writes to it.
 *
 * @param ref what a person calls it
 * @param uri where to write
 * @param fresh we have just made it, so that every byte of it is zero
 * @param identity which image file or volume it is, where that can be told
 * @param closing ends what serves it
 */
public record Target(TargetRef ref, NbdUri uri, boolean fresh, Optional<String> identity, Runnable closing)
        implements AutoCloseable {
    /** Returns the same target, known to be zero everywhere since it was made for this. */
    Target made() {
        return new Target(ref, uri, true, identity, closing);
    }

    @Override
    public void close() {
        closing.run();
    }
}
