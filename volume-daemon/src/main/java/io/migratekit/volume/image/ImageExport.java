package io.migratekit.volume.image;

import io.migratekit.nbd.NbdUri;

/** An image that is served until this is closed. */
public interface ImageExport extends AutoCloseable {

    /** Returns where it is served. */
    NbdUri uri();

    /** Ends the export, its connections and its socket; the image stays. Does nothing when repeated. */
    @Override
    void close();
}
