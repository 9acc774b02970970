package io.migratekit.volume.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * All that changes a pool, one step a call. Between any two of them, or within one, the process may end; tests end it at
 * each.
 */
interface Disk {

    /** Makes a folder that only its owner may enter. */
    void makeFolder(Path folder) throws IOException;

    /** Makes or overwrites a file; its content is durable on return, its name is not. */
    void write(Path file, byte[] content) throws IOException;

    /** Makes a file of zeros without allocating them; durable on return but for its name. */
    void makeSparse(Path file, long sizeBytes) throws IOException;

    /** Makes a file longer by zeros without allocating them. */
    void extend(Path file, long sizeBytes) throws IOException;

    /** Renames within a file system, at once, in place of a file of that name. */
    void move(Path from, Path to) throws IOException;

    /**
     * Makes a symbolic link.
     *
     * @param target as written into the link
     */
    void link(Path link, String target) throws IOException;

    /** Deletes a file, a link or an empty folder; nothing happens if it is gone. */
    void delete(Path path) throws IOException;

    /** Makes a file's content, or the names in a folder, durable. */
    void sync(Path path) throws IOException;

    /**
     * Runs a program that changes images.
     *
     * @param timeout after which it is killed
     * @throws ProgramFailure if it does not succeed
     */
    void run(List<String> command, Duration timeout) throws IOException;
}
