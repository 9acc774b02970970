package io.migratekit.source;

import java.io.IOException;
import java.util.Map;

/** One kind of source. {@link SourceMachines} asks each whether a reference has its form. */
public interface SourceAdapter {

    /** Returns what a reference of this kind looks like, for messages: "an NBD URI (nbd://host/export)". */
    String form();

    /** Tells whether {@code ref} has the form of this kind; looks at the text only. */
    boolean accepts(SourceRef ref);

    /**
     * Opens a machine of disks that were all accepted; see {@link SourceMachines#open}.
     *
     * @param disks not empty
     */
    SourceMachine open(String machineName, Map<DiskKey, SourceRef> disks) throws IOException;
}
