package io.migratekit.volume.local;

import org.jspecify.annotations.Nullable;

/** The back end on a pool that a test opened last. */
final class OpenPool implements AutoCloseable {
    /** A folder's name that is as odd as a name can be. */
    static final String ODD_NAME = "a, 'b' \"c\"=ä:$(d) -e";

    private @Nullable LocalBackend opened;

    /** Opens a pool in place of the one that is open. */
    LocalBackend reopen(TestPool pool) {
        close();
        LocalBackend backend = pool.open();
        opened = backend;
        return backend;
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.close();
        }
    }
}
