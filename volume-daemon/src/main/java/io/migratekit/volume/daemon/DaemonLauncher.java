package io.migratekit.volume.daemon;

import java.io.IOException;
import java.nio.file.Path;

/** Starts a volume daemon as a process of its own, which ends itself when nobody needs it any more. */
@FunctionalInterface
public interface DaemonLauncher {

    /**
     * Starts one and does not wait for it.
     *
     * @throws IOException if there is no process
     */
    Launch launch() throws IOException;

    /**
     * A process that was started.
     *
     * @param process it may have ended again, for example because another daemon was faster
     * @param output what it says goes there
     */
    record Launch(ProcessHandle process, Path output) {}
}
