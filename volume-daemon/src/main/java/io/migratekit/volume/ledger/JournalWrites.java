package io.migratekit.volume.ledger;

import java.util.function.Supplier;

/** One transaction that only the present daemon can commit; a daemon whose lease is lost cannot. */
@FunctionalInterface
public interface JournalWrites {

    /**
     * Runs {@code writes} in one transaction: all of them happen, or none.
     *
     * @throws io.migratekit.volume.VolumeException of kind BUSY if the lease is lost
     */
    void run(Runnable writes);

    /** Does the same for writes that return something. */
    default <T> T call(Supplier<T> writes) {
        Box<T> box = new Box<>();
        run(() -> box.set(writes.get()));
        return box.get();
    }
}
