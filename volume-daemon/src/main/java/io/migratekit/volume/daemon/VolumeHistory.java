package io.migratekit.volume.daemon;

import io.migratekit.volume.Operation;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.util.List;

/**
 * What happened to volumes, from the database that all daemons share. Asking starts no daemon, so that whoever only looks
 * may ask for many volumes; what the answer means may change as soon as it is given.
 */
public final class VolumeHistory {
    private final DaemonDatabase database;

    VolumeHistory(DaemonDatabase database) {
        this.database = database;
    }

    /**
     * Returns the operations that gave a volume other content than what was written to its exports, or may have: it was
     * put back to a snapshot set, given to another VM, or deleted. Those that were refused, or have not ended, are among
     * them.
     *
     * @return the newest first
     */
    public List<Operation> changes(VolumeId volume) {
        return database.ledger().operations().changing(volume, VolumeRequest.APPLIANCE);
    }
}
