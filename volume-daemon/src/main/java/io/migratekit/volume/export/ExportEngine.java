package io.migratekit.volume.export;

import io.migratekit.nbd.NbdUri;
import io.migratekit.volume.ExportName;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.backend.Image;
import java.util.Optional;
import java.util.Set;

/**
 * Serves images under names that come and go while others are in use. Safe for many threads. What it serves need not
 * survive the process; the daemon adds again what its ledger has, under the same names and at the same address, so that
 * clients find it where it was.
 */
public interface ExportEngine extends AutoCloseable {

    /** Returns the engine's name, as the ledger and people have it: {@code embedded} or {@code qemu}. */
    String name();

    /** Tells whether the engine can open images of that format. */
    boolean serves(Image.Format format);

    /**
     * Offers an image. If an export of that name is served already, nothing happens.
     *
     * @return where it is served
     * @throws VolumeException of kind REFUSED if the image is served under another name already, is open elsewhere, or
     *     is none; FAILED if it cannot be opened; UNAVAILABLE if the engine does not answer
     */
    NbdUri add(ExportName name, Image image, boolean readOnly);

    /**
     * Ends an export. When this returns, nothing that came through it touches the image any more, what was acknowledged
     * and flushed is in the image, and the image is closed.
     *
     * @return false if there is no such export
     * @throws VolumeException if the end cannot be proven; then the image must not be given to another writer
     */
    boolean remove(ExportName name);

    /** Returns the names of all exports that are served now, whoever added them. */
    Set<ExportName> names();

    /** Returns where an export is served, if it is. */
    Optional<NbdUri> uri(ExportName name);

    /**
     * Counts the connections of clients to all exports, whoever added them. Cheap enough to be asked every second, and
     * starts nothing. A connection that has not chosen an export yet may be counted or not.
     *
     * @return 0 where nothing is served
     * @throws VolumeException if it cannot be told
     */
    int clients();

    /**
     * Looks whether the engine answers.
     *
     * @return what was seen, for people
     * @throws VolumeException if it does not
     */
    String check();

    /** Ends what this process serves itself; exports of a process of its own go on. */
    @Override
    void close();
}
