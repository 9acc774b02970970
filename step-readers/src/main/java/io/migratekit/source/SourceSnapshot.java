package io.migratekit.source;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** All disks of a machine at one moment. */
public interface SourceSnapshot {

    /** Returns what {@link SourceMachine#findSnapshot} needs after a restart, at most 500 characters. */
    String reference();

    /** Returns the name that it was taken with. */
    String name();

    /**
     * Returns what people should know of how it was taken, as that the guest was not quiesced; empty for one that was
     * found again.
     */
    default List<String> notes() {
        return List.of();
    }

    /** Returns the moment that it holds, by the source's clock; empty if the source has none. */
    default Optional<Instant> moment() {
        return Optional.empty();
    }

    /** Returns the disks as of the snapshot, with their capacity at that moment. */
    List<SourceDisk> disks() throws IOException;

    /**
     * Returns the change id of the snapshot's moment, read from the snapshot and not from the running machine; empty if
     * this source keeps none (then the next replication is full).
     */
    Optional<ChangeId> changeId(DiskKey disk) throws IOException;

    /**
     * Starts a query for what has content (without {@code since}) or what changed since then.
     *
     * @throws SourceException.ChangesUnknown if the source cannot tell, with its reason: the fallback policy decides
     */
    ChangeQuery changes(DiskKey disk, Optional<ChangeId> since) throws IOException;

    /**
     * Returns what a full copy of the disk reads and why, for people, as {@code every byte is read, since its datastore is
     * NFS}; empty where that goes without saying.
     */
    default Optional<String> fullReading(DiskKey disk) throws IOException {
        return Optional.empty();
    }

    /**
     * Tells whether {@link #changes} also names what changed before the moment that is asked for, as a dirty bitmap does
     * that nobody clears: a copy of all that is right, but nothing may be left out of a comparison because of it.
     */
    boolean accumulates(DiskKey disk) throws IOException;

    /** Opens a disk's frozen content for reading by NBD, until the returned access is closed. */
    DiskAccess open(DiskKey disk) throws IOException;

    /** Removes the snapshot and waits until it is gone; no error if it is gone already. */
    void remove() throws IOException;
}
