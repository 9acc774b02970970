package io.migratekit.source;

import io.migratekit.nbd.NbdUri;

/** A disk's content while it can be reached by NBD; closing it ends what serves it. */
public interface DiskAccess extends AutoCloseable {

    /** Returns where to read. */
    NbdUri uri();

    /** Returns how many connections a copy may open; more would be refused, or overload whoever serves it. */
    default int connectionsMax() {
        return Integer.MAX_VALUE;
    }

    /** Returns what stands behind the server, which may be away. */
    default Upstream upstream() {
        return Upstream.NONE;
    }

    @Override
    void close();
}
