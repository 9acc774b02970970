package io.migratekit.volume.operation;

import io.migratekit.volume.Volumes;
import io.migratekit.volume.local.LocalSite;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract over raw files and the embedded engine, within one process. */
final class LocalVolumesTest extends ServedVolumesContract {
    @TempDir
    static Path folder;

    @Override
    Site site() {
        return LocalSite.embedded(folder);
    }

    @Override
    Volumes reach(VolumeOperations daemon) {
        return daemon;
    }
}
