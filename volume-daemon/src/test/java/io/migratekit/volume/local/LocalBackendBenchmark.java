package io.migratekit.volume.local;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.Measured;
import io.migratekit.volume.backend.RememberedSteps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Measures what must be quick in a pool with a thousand volumes; a program of its own. Prints rows for {@code ./bench}. */
final class LocalBackendBenchmark {
    private static final int VOLUMES = 1000;
    private static final int ROUNDS = 21;
    private static final long TEBIBYTE = 1L << 40;

    private LocalBackendBenchmark() {}

    /** Takes a folder on the disk to measure; it makes a folder in it and leaves that. */
    public static void main(String[] arguments) throws IOException {
        Measured measured = new Measured(System.out);
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "pool");
        for (VolumeDaemon.Format format : List.of(VolumeDaemon.Format.RAW, VolumeDaemon.Format.QCOW2)) {
            String name = format.name().toLowerCase(Locale.ROOT);
            TestPool pool = TestPool.of(folder.resolve(name), format).with(0, 1000);
            try (LocalBackend backend = pool.open()) {
                measured.median(
                        name + " pool: create 1 TiB",
                        "< 1 s",
                        ROUNDS,
                        round -> create(backend, "large-" + round, TEBIBYTE));
                for (int number = ROUNDS; number < VOLUMES; number++) {
                    create(backend, "small-" + number, 1 << 20);
                }
                measured.median(
                        name + " pool: create 1 MiB beside 1,000",
                        "< 1 s",
                        ROUNDS,
                        round -> create(backend, "more-" + round, 1 << 20));
                measured.median(name + " pool: list 1,000", "< 0.2 s", ROUNDS, round -> backend.owned());
                measured.median(
                        name + " pool: measure the room of 1,000", "< 0.2 s", ROUNDS, round -> backend.checkRoom(512));
            }
        }
    }

    private static void create(LocalBackend backend, String mark, long sizeBytes) {
        backend.create(new Mark(mark), mark, sizeBytes, new RememberedSteps());
    }
}
