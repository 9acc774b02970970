package io.migratekit.volume.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.volume.VolumeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes and one pool. */
final class PoolLockIT {
    @TempDir
    Path folder;

    @Test
    void aProcessKeepsOthersOutUntilItIsKilled() throws IOException, InterruptedException {
        TestPool pool = TestPool.raw(folder.resolve("pool"));
        Process child = holder(pool);
        try {
            assertThatThrownBy(pool::open)
                    .isInstanceOfSatisfying(
                            VolumeException.class, e -> assertThat(e.kind()).isEqualTo(VolumeException.Kind.BUSY))
                    .hasMessageContaining("process " + child.pid());
        } finally {
            child.destroyForcibly().waitFor();
        }
        try (LocalBackend backend = pool.open()) {
            assertThatThrownBy(pool::open).as("a second one here").isInstanceOf(VolumeException.class);
            Process refused = start(pool);
            assertThat(refused.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(refused.exitValue())
                    .as("the lock outlives the second one")
                    .isNotZero();
            assertThat(backend.owned()).isEmpty();
        }
    }

    private Process holder(TestPool pool) throws IOException, InterruptedException {
        Process child = start(pool);
        long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(folder.resolve("ready"))) {
            assertThat(child.isAlive() && System.nanoTime() < endNanos).isTrue();
            Thread.sleep(10);
        }
        return child;
    }

    private Process start(TestPool pool) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldsPool.class.getName(),
                        pool.settings().pool().toString(),
                        folder.resolve("ready").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }
}
