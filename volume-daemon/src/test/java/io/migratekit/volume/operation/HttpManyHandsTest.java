package io.migratekit.volume.operation;

import io.migratekit.volume.Volumes;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

final class HttpManyHandsTest extends SetTurnsContract {
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
    Volumes reach(VolumeOperations daemon) {
        return http.reach(daemon);
    }
}
