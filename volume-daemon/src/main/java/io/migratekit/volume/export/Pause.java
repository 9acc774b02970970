package io.migratekit.volume.export;

import java.io.IOException;

/** A wait between two looks at a process that tells nothing by itself. */
final class Pause {
    private Pause() {}

    static void millis(long millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while qemu-storage-daemon was waited for", e);
        }
    }
}
