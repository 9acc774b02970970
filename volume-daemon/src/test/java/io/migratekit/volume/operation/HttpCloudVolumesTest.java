package io.migratekit.volume.operation;

import io.migratekit.volume.Volumes;
import io.migratekit.volume.cloudstack.CloudSite;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The contract over a scripted cloud and the embedded engine, asked over HTTP. */
final class HttpCloudVolumesTest extends ServedVolumesContract {
    @TempDir
    static Path folder;

    private static HttpTransport http;

    @BeforeAll
    static void listen() {
        http = new HttpTransport(folder);
    }

    @AfterAll
    static void stopListening() {
        http.close();
    }

    @Override
    Site site() {
        return CloudSite.start(folder);
    }

    @Override
    Volumes reach(VolumeOperations daemon) {
        return http.reach(daemon);
    }
}
