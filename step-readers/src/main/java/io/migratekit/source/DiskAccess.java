package io.migratekit.source;

import io.migratekit.nbd.NbdUri;

/** A disk's content while it can be reached by NBD; closing it ends what serves it. */
public interface DiskAccess extends AutoCloseable {

    /** Returns where to read. */
    NbdUri uri();

    @Override
    void close();
}
