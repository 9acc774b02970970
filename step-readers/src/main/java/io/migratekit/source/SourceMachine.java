package io.migratekit.source;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A virtual machine at its source: the port that vCenter, the lab, plain NBD exports and image files answer to.
 * Thread-confined; closing it ends its session but never removes a snapshot.
 *
 * <p>Every method may be repeated after a failure. {@link SourceException} says who can help.
 */
public interface SourceMachine extends AutoCloseable {

    /** Returns the disks now, in a stable order. */
    List<SourceDisk> disks() throws IOException;

    /**
     * Freezes all disks at one moment. Repeating it after a lost answer may leave two snapshots with the name; the
     * caller removes those that it does not use by {@link #snapshots}.
     *
     * @param name our own name with the job's id, so that leftovers can be told from other people's snapshots
     */
    SourceSnapshot takeSnapshot(String name) throws IOException;

    /** Returns the snapshot whose {@link SourceSnapshot#reference} was stored earlier, if it still exists. */
    Optional<SourceSnapshot> findSnapshot(String reference) throws IOException;

    /** Returns all snapshots whose name starts with {@code namePrefix}. */
    List<SourceSnapshot> snapshots(String namePrefix) throws IOException;

    @Override
    void close();
}
