package io.migratekit.source;

import java.io.IOException;
import java.util.Map;

/**
 * Opens machines at their sources. The one entry for jobs: it picks the adapter by the form of the references.
 */
public interface SourceMachines {

    /**
     * Opens a machine whose disks were named one by one. All references must be of one kind (all lab disks of one VM, or
     * any mix of NBD exports and image files, whose moments are then their own).
     *
     * @throws IllegalArgumentException if a reference is malformed or the kinds do not go together
     * @throws SourceException.NotFound if an export or file does not exist
     */
    SourceMachine open(String machineName, Map<DiskKey, SourceRef> disks) throws IOException;
}
