package io.migratekit.job.replication;

import io.migratekit.job.JobException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file of the embedded database. When somebody removes it under a running process, H2 goes on writing into a file that
 * nobody finds again: a job would end as completed, and its restore point would be gone with the process.
 *
 * @param path empty for a database server
 */
record DatabaseFile(Optional<Path> path) {
    private static final String EMBEDDED = "jdbc:h2:file:";

    /** Reads the address of the database. */
    static DatabaseFile of(String url) {
        if (!url.startsWith(EMBEDDED)) {
            return new DatabaseFile(Optional.empty());
        }
        String name = url.substring(EMBEDDED.length()).split(";", 2)[0];
        return new DatabaseFile(Optional.of(Path.of(name + ".mv.db")));
    }

    /**
     * Looks whether it is still there.
     *
     * @throws JobException.Failed if it is not
     */
    void check() {
        if (path.isPresent() && !Files.exists(path.get())) {
            throw new JobException.Failed(
                    "the database file %s was removed while the job ran, so nothing of it would be found again. Put the file back if it was moved; else start anew, which copies everything"
                            .formatted(path.get()));
        }
    }
}
