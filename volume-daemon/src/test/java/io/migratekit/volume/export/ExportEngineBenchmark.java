package io.migratekit.volume.export;

import io.migratekit.volume.ExportName;
import io.migratekit.volume.backend.Image;
import io.migratekit.volume.backend.Measured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Measures exports beside a thousand others, and whether memory stays flat while a thousand are replaced; a program of its
 * own, since a figure is no test. Prints rows for {@code ./bench}.
 */
final class ExportEngineBenchmark {
    private static final int EXPORTS = 1000;
    private static final int ROUNDS = 100;

    private final String engine;
    private final EngineRoom room;
    private final Measured measured = new Measured(System.out);
    private final Deque<Served> served = new ArrayDeque<>();
    private int images;

    private ExportEngineBenchmark(String engine, EngineRoom room) {
        this.engine = engine;
        this.room = room;
    }

    private record Served(ExportName name, Image image) {}

    /** Takes a folder with a short path; it makes folders in it and leaves those. */
    public static void main(String[] arguments) throws IOException {
        Map<String, Function<ExportEngines, ExportEngine>> engines =
                new TreeMap<>(Map.of("embedded", ExportEngines::embedded, "qemu", ExportEngines::qemu));
        for (Map.Entry<String, Function<ExportEngines, ExportEngine>> engine : engines.entrySet()) {
            Path folder = Files.createTempDirectory(Path.of(arguments[0]), engine.getKey());
            try (EngineRoom room = EngineRoom.onUnixSocket(folder, engine.getValue())) {
                new ExportEngineBenchmark(engine.getKey(), room).measure();
            }
        }
    }

    private void measure() throws IOException {
        measured.median(engine + ": add an export, the first hundred", "< 0.05 s", ROUNDS, round -> add());
        long fewKib = memoryKib();
        while (served.size() < EXPORTS) {
            add();
        }
        long manyKib = memoryKib();
        String perExport = "%d KiB".formatted((manyKib - fewKib) / (EXPORTS - ROUNDS));
        measured.row(engine + ": memory of one export", perExport, "–");
        measured.median(engine + ": add one beside 1,000", "< 0.05 s", ROUNDS, round -> add());
        measured.median(engine + ": remove one of 1,000", "< 0.05 s", ROUNDS, round -> remove());
        measured.median(
                engine + ": list 1,000",
                "< 0.2 s",
                ROUNDS,
                round -> room.engine().names());
        replace(EXPORTS); // until what is used once and kept has been used
        long settledKib = memoryKib();
        replace(4 * EXPORTS);
        String growth = "%+.1f MiB on %.1f MiB".formatted((memoryKib() - settledKib) / 1024.0, settledKib / 1024.0);
        measured.row(engine + ": memory of 1,000 when 4,000 more were replaced", growth, "flat");
    }

    private void add() {
        serve(EngineRoom.fresh(), room.raw("disk-%d.raw".formatted(images++), 1 << 30));
    }

    private void remove() {
        room.engine().remove(served.pop().name());
    }

    /** Ends the oldest and serves its image again in the next epoch, as each start of a job does. */
    private void replace(int times) {
        for (int time = 0; time < times; time++) {
            Served oldest = served.pop();
            room.engine().remove(oldest.name());
            serve(EngineRoom.next(oldest.name()), oldest.image());
        }
    }

    private void serve(ExportName name, Image image) {
        room.engine().add(name, image, false);
        served.add(new Served(name, image));
    }

    /** Our heap, or the resident memory of the storage daemon where that serves. */
    private long memoryKib() throws IOException {
        return engine.equals("qemu") ? residentKib() : Measured.heapKib();
    }

    private long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/%d/status".formatted(room.daemonPid()))).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }
}
