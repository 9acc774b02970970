package io.migratekit.volume.local;

import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.backend.VolumeBackendContract;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What local volumes do in every format, in a pool whose name is as odd as a name can be. */
abstract class LocalContract extends VolumeBackendContract {
    @TempDir
    Path folder;

    private final OpenPool opened = new OpenPool();

    abstract TestPool pool(Path folder);

    final TestPool pool() {
        return pool(folder.resolve(OpenPool.ODD_NAME));
    }

    @Override
    protected final VolumeBackend open() {
        return reopen(pool());
    }

    /** Opens a pool in place of the one that is open. */
    final LocalBackend reopen(TestPool pool) {
        return opened.reopen(pool);
    }

    @Override
    protected Optional<Content> content() {
        return Optional.of(pool().content());
    }

    @AfterEach
    final void leavesNothingOver() {
        close();
        pool().assertNothingIsLeftOver();
    }

    final void close() {
        opened.close();
    }
}
