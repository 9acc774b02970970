package io.migratekit.job.replication;

import io.migratekit.job.TargetRef;
import io.migratekit.nbd.NbdUri;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A target while a job writes to it.
 *
 * @param ref what a person calls it
 * @param uri where to write
 * @param fresh we have just made it, so that every byte of it is zero
 * @param identity which image file or volume it is, where that can be told
 * @param storage tells where its bytes lie and what room there is, as far as that can be told
 * @param closing ends what serves it
 */
public record Target(
        TargetRef ref,
        NbdUri uri,
        boolean fresh,
        Optional<String> identity,
        Supplier<Optional<String>> storage,
        Runnable closing)
        implements AutoCloseable {
    Target(TargetRef ref, NbdUri uri, boolean fresh, Optional<String> identity, Runnable closing) {
        this(ref, uri, fresh, identity, Optional::empty, closing);
    }

    /** Returns the same target, known to be zero everywhere since it was made for this. */
    Target made() {
        return new Target(ref, uri, true, identity, storage, closing);
    }

    @Override
    public void close() {
        closing.run();
    }
}
