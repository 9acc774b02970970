package io.migratekit.volume.operation;

import io.migratekit.volume.VolumeId;
import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.export.ExportEngine;

/**
 * A back end and an export engine that the contract runs over, what they are like where they differ, and what somebody
 * may do to volumes behind the daemon's back. Whether snapshot sets can be taken is not said here: the port tells it, by
 * the format that volumes go on in and the formats that the engine serves.
 */
public interface Site extends AutoCloseable {

    /** Returns where volumes are; always the same. */
    VolumeBackend backend();

    /** Returns what serves them; always the same. */
    ExportEngine engine();

    /** Returns the size of the contract's volumes: possible just so. */
    long sizeBytes();

    /** Returns what every size is a multiple of. */
    long unitBytes();

    /** Returns the id by which the ledger has the VM that this appliance is. */
    String appliance();

    /** Returns the id of another VM that volumes can be attached to; it is stopped. */
    String otherVm();

    /** Returns a size that there is no room for from now on. */
    long tooLargeBytes();

    /** Sets the first byte of a volume. */
    void write(VolumeId id, int value);

    /** Returns the first byte of a volume. */
    int read(VolumeId id);

    /** Puts our ownership tag on a volume, or takes it away. */
    void own(VolumeId id, boolean ours);

    @Override
    void close();
}
