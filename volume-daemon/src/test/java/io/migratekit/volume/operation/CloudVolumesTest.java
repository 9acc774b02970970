package io.migratekit.volume.operation;

import io.migratekit.volume.Volumes;
import io.migratekit.volume.cloudstack.CloudSite;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract over a scripted cloud and the embedded engine, within one process. */
final class CloudVolumesTest extends ServedVolumesContract {
    @TempDir
    static Path folder;

    @Override
    Site site() {
        return CloudSite.start(folder);
    }

    @Override
    Volumes reach(VolumeOperations daemon) {
        return daemon;
    }
}
