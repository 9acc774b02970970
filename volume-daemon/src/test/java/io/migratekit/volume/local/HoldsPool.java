package io.migratekit.volume.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process of its own that uses a pool until its input ends. */
final class HoldsPool {
    private HoldsPool() {}

    /** Takes the pool's folder, and a file to make once it is open. */
    public static void main(String[] arguments) throws IOException {
        try (LocalBackend backend = TestPool.raw(Path.of(arguments[0])).open()) {
            Files.writeString(Path.of(arguments[1]), backend.check());
            while (System.in.read() >= 0) {
                // until the test ends
            }
        }
    }
}
