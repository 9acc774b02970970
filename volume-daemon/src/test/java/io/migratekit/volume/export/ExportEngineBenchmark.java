package io.migratekit.volume.export;

import io.migratekit.volume.backend.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Measures exports beside a thousand others, and what they cost; a program of its own, since a figure is no test. */
final class ExportEngineBenchmark {
    private static final int EXPORTS = 1000;
    private static final int ROUNDS = 100;

    private ExportEngineBenchmark() {}

    /** Takes a folder with a short path; it makes folders in it and leaves those. */
    public static void main(String[] arguments) throws IOException {
        Map<String, Function<ExportEngines, ExportEngine>> engines =
                Map.of("embedded", ExportEngines::embedded, "qemu", ExportEngines::qemu);
        for (Map.Entry<String, Function<ExportEngines, ExportEngine>> engine : engines.entrySet()) {
            Path folder = Files.createTempDirectory(Path.of(arguments[0]), engine.getKey());
            try (EngineRoom room = EngineRoom.onUnixSocket(folder, engine.getValue())) {
                measure(engine.getKey(), room);
            }
        }
    }

    private static void measure(String engine, EngineRoom room) throws IOException {
        add(engine + ": add, the first", room, 0, ROUNDS);
        memory(engine, room);
        add(engine + ": add, up to 1000", room, ROUNDS, EXPORTS);
        memory(engine, room);
        add(engine + ": add beside 1000", room, EXPORTS, EXPORTS + ROUNDS);
        long startNanos = System.nanoTime();
        int names = room.engine().names().size();
        System.out.printf("%s: names of %d in %.1f ms%n", engine, names, millis(startNanos));
    }

    private static void add(String what, EngineRoom room, int from, int to) {
        double[] millis = new double[to - from];
        for (int number = from; number < to; number++) {
            Image image = room.raw("disk-%d.raw".formatted(number), 1 << 30);
            long startNanos = System.nanoTime();
            room.engine().add(EngineRoom.fresh(), image, false);
            millis[number - from] = millis(startNanos);
        }
        Arrays.sort(millis);
        System.out.printf(
                "%-28s median %6.2f ms, max %6.2f ms%n", what, millis[millis.length / 2], millis[millis.length - 1]);
    }

    /** Our heap, and the resident memory of the storage daemon where there is one. */
    private static void memory(String engine, EngineRoom room) throws IOException {
        Runtime runtime = Runtime.getRuntime();
        runtime.gc();
        System.out.printf("%s: heap %d KiB%n", engine, (runtime.totalMemory() - runtime.freeMemory()) >> 10);
        if (engine.equals("qemu")) {
            Files.readAllLines(Path.of("/proc/%d/status".formatted(room.daemonPid()))).stream()
                    .filter(line -> line.startsWith("VmRSS"))
                    .forEach(line -> System.out.printf("%s: %s%n", engine, line));
        }
    }

    private static double millis(long startNanos) {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNanos) / 1000.0;
    }
}
