package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pools that cannot be opened. */
final class LocalPoolTest {
    @TempDir
    private Path folder;

    @Test
    void letsOneUseThePoolAndTellsOthersWhoItIs() {
        TestPool pool = TestPool.raw(folder.resolve("pool"));
        try (LocalBackend backend = pool.open()) {
            assertRefused(pool, Kind.BUSY, "process " + ProcessHandle.current().pid());
            assertThat(backend.owned()).isEmpty();
        }
        pool.open().close();
    }

    @Test
    void saysThatAPoolCannotBeAFile() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertRefused(TestPool.raw(file), Kind.UNAVAILABLE, file.toString());
    }

    private static void assertRefused(TestPool pool, Kind kind, String words) {
        assertThatThrownBy(pool::open)
                .isInstanceOfSatisfying(
                        VolumeException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(words);
    }
}
