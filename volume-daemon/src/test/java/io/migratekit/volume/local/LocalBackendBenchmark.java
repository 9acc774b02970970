package io.migratekit.volume.local;

import io.migratekit.config.VolumeDaemon;
import io.migratekit.volume.backend.Mark;
import io.migratekit.volume.backend.RememberedSteps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Measures what must be quick, and prints medians and maxima; a program of its own, since a figure is no test. */
final class LocalBackendBenchmark {
    private static final int VOLUMES = 1000;
    private static final int ROUNDS = 20;
    private static final long TEBIBYTE = 1L << 40;

    private LocalBackendBenchmark() {}

    /** Takes a folder on the disk to measure; it makes a folder in it and leaves that. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "pool");
        for (VolumeDaemon.Format format :
                new VolumeDaemon.Format[] {VolumeDaemon.Format.RAW, VolumeDaemon.Format.QCOW2}) {
            TestPool pool = TestPool.of(folder.resolve(format.name()), format).with(0, 1000);
            try (LocalBackend backend = pool.open()) {
                measure(format + ": create 1 TiB", ROUNDS, round -> create(backend, "large-" + round, TEBIBYTE));
                for (int i = ROUNDS; i < VOLUMES; i++) {
                    create(backend, "small-" + i, 1 << 20);
                }
                measure(
                        format + ": create 1 MiB beside 1000",
                        ROUNDS,
                        round -> create(backend, "more-" + round, 1 << 20));
                measure(format + ": owned of 1000", ROUNDS, round -> backend.owned());
                measure(format + ": checkRoom with 1000", ROUNDS, round -> backend.checkRoom(512));
            }
        }
    }

    private static void create(LocalBackend backend, String mark, long sizeBytes) {
        backend.create(new Mark(mark), mark, sizeBytes, new RememberedSteps());
    }

    /** One round of what is measured. */
    @FunctionalInterface
    private interface Round {
        void run(int number);
    }

    private static void measure(String what, int rounds, Round round) {
        long[] micros = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            long startNanos = System.nanoTime();
            round.run(i);
            micros[i] = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNanos);
        }
        Arrays.sort(micros);
        System.out.printf(
                "%-36s median %8.1f ms, max %8.1f ms%n",
                what, micros[rounds / 2] / 1000.0, micros[rounds - 1] / 1000.0);
    }
}
