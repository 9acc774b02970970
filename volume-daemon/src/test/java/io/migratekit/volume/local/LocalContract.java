package io.migratekit.volume.local;

import io.migratekit.volume.backend.VolumeBackend;
import io.migratekit.volume.backend.VolumeBackendContract;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What local volumes do in every format, in a pool whose name is as odd as a name can be. */
abstract class LocalContract extends VolumeBackendContract {
    @TempDir
    Path folder;

    private @Nullable LocalBackend opened;

    abstract TestPool pool(Path folder);

    final TestPool pool() {
        return pool(folder.resolve("a, 'b' \"c\"=ä:$(d) -e"));
    }

    @Override
    protected final VolumeBackend open() {
        return reopen(pool());
    }

    /** Opens a pool in place of the one that is open. */
    final LocalBackend reopen(TestPool pool) {
        close();
        LocalBackend backend = pool.open();
        opened = backend;
        return backend;
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
        if (opened != null) {
            opened.close();
        }
    }
}
