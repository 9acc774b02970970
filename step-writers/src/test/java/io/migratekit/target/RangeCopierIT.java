package io.migratekit.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentRun;
import io.migratekit.source.extent.UpcomingRuns;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies between servers that others wrote; {@code checkwrite} and {@code cmp} say whether every byte is right. */
@Timeout(240)
final class RangeCopierIT {
    private static final long SIZE_BYTES = 64L << 20;
    private static final String[] SPARSE = {"sparse-random", "size=64M", "seed=7", "percent=40", "random-content=true"};

    @TempDir
    Path folder;

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final CopyProgress progress = new CopyProgress(new CopyProgress.Events() {
        @Override
        public void reconnecting(String side, String reason, int attempt) {
            events.add(side + " lost");
        }

        @Override
        public void reconnected(String side, int attempts) {
            events.add(side + " is back");
        }

        @Override
        public void retrying(String reason, int attempt) {
            events.add("retry " + reason);
        }
    });

    @Test
    @NeedsPeer("nbdkit")
    void writesExactlyWhatItReads() throws IOException {
        try (Peer source = Peer.nbdkit(folder, SPARSE);
                Peer target = Peer.nbdkit(folder, with("--filter=checkwrite", SPARSE))) {
            CopyProgress.Numbers numbers = copy(source.uri(""), target.uri(""), SIZE_BYTES, false);
            assertThat(numbers.copiedBytes()).isPositive();
            assertThat(numbers.zeroedBytes()).isPositive();
        }
    }

    @Test
    @NeedsPeer("nbdkit")
    void theOracleSeesAWrongByte() throws IOException {
        try (Peer source = Peer.nbdkit(folder, "sparse-random", "size=64M", "seed=8", "percent=40");
                Peer target = Peer.nbdkit(folder, with("--filter=checkwrite", SPARSE))) {
            assertThatThrownBy(() -> copy(source.uri(""), target.uri(""), SIZE_BYTES, false))
                    .isInstanceOf(CopyException.Refused.class);
        }
    }

    @Test
    @NeedsPeer({"nbdkit", "cmp"})
    void survivesErrorsOnBothSides() throws IOException {
        try (Peer source = Peer.nbdkit(folder, with("--filter=error", with(SPARSE, "error-pread-rate=3%")));
                Peer target =
                        fileTarget("target.raw", "--filter=error", "error-pwrite-rate=3%", "error-zero-rate=3%")) {
            copy(source.uri(""), target.uri(""), SIZE_BYTES, false);
            assertThat(events).isNotEmpty().allMatch(event -> event.startsWith("retry "));
        }
        assertSameAsSparse("target.raw");
    }

    @Test
    @NeedsPeer({"nbdkit", "cmp"})
    void copiesADiskOfOddSizeFromOddPlaces() throws IOException {
        Path image = folder.resolve("odd.raw");
        byte[] content = PlannedDisk.noise(10_000_001, 4);
        Files.write(image, content);
        Path copy = Files.write(folder.resolve("copy.raw"), PlannedDisk.noise(10_000_001, 5));
        List<ExtentRun> runs = new ArrayList<>();
        for (long at = 0; at < content.length; at += 1_234_567) {
            long length = Math.min(1_234_567, content.length - at);
            runs.add(new ExtentRun(at, at + length, List.of(new Extent(at, length, Extent.Kind.DATA))));
        }
        try (Peer source = Peer.nbdkit(folder, "-r", "file", image.toString());
                Peer target = Peer.nbdkit(folder, "file", copy.toString())) {
            copy(source.uri(""), target.uri(""), content.length, false, runs);
        }
        run("cmp", image.toString(), copy.toString());
    }

    @Test
    @NeedsPeer({"nbdkit", "cmp"})
    void takesLongerRequestsToPeersThatAreFar() throws IOException {
        try (Peer source = Peer.nbdkit(folder, with("--filter=delay", with(SPARSE, "rdelay=10ms")));
                Peer target = fileTarget("target.raw", "--filter=delay", "wdelay=10ms")) {
            copy(source.uri(""), target.uri(""), SIZE_BYTES, false);
        }
        assertSameAsSparse("target.raw");
    }

    @Test
    @NeedsPeer({"nbdkit", "cmp"})
    void keepsToBlockSizes() throws IOException {
        String[] policy = {
            "blocksize-minimum=4096",
            "blocksize-preferred=65536",
            "blocksize-maximum=128k",
            "blocksize-error-policy=error"
        };
        try (Peer source = Peer.nbdkit(folder, with("--filter=blocksize-policy", with(SPARSE, policy)));
                Peer target = fileTarget("target.raw", "--filter=blocksize-policy", policy)) {
            copy(source.uri(""), target.uri(""), SIZE_BYTES, false);
        }
        assertSameAsSparse("target.raw");
    }

    @Test
    @NeedsPeer({"nbdkit", "cmp"})
    void copiesOntoAServerWithoutWriteZeroes() throws IOException {
        try (Peer source = Peer.nbdkit(folder, SPARSE);
                Peer target = fileTarget("target.raw", "--filter=nozero")) {
            copy(source.uri(""), target.uri(""), SIZE_BYTES, false);
        }
        assertSameAsSparse("target.raw");
    }

    @Test
    @NeedsPeer({"nbdkit", "qemu-nbd", "qemu-img", "cmp"})
    void copiesOntoAnImageOfQemuNbd() throws IOException {
        Path image = folder.resolve("target.qcow2");
        run("qemu-img", "create", "-q", "-f", "qcow2", image.toString(), "64M");
        try (Peer source = Peer.nbdkit(folder, SPARSE);
                Peer target = Peer.qemuNbd(folder, "-f", "qcow2", "--discard=unmap", image.toString())) {
            copy(source.uri(""), target.uri(""), SIZE_BYTES, true);
        }
        run(
                "qemu-img",
                "convert",
                "-O",
                "raw",
                image.toString(),
                folder.resolve("target.raw").toString());
        assertSameAsSparse("target.raw");
    }

    @Test
    @NeedsPeer({"nbdkit", "nbd-server", "cmp"})
    void copiesOntoNbdServerThatFlushes() throws IOException {
        Path image = noise("target.raw");
        try (Peer source = Peer.nbdkit(folder, SPARSE);
                Peer target =
                        Peer.nbdServer(folder, "[disk]\nexportname = " + image + "\nflush = true\nfua = true\n")) {
            copy(source.uri(""), target.uri("disk"), SIZE_BYTES, false);
        }
        assertSameAsSparse("target.raw");
    }

    @Test
    @NeedsPeer({"nbdkit", "nbd-server"})
    void refusesNbdServerAsItComes() throws IOException {
        Path image = noise("target.raw");
        try (Peer source = Peer.nbdkit(folder, SPARSE);
                Peer target = Peer.nbdServer(folder, "[disk]\nexportname = " + image + "\n")) {
            assertThatThrownBy(() -> copy(source.uri(""), target.uri("disk"), SIZE_BYTES, false))
                    .isInstanceOf(CopyException.Refused.class)
                    .hasMessageContaining("offers no FLUSH")
                    .hasMessageContaining("nbd-server: flush = true");
        }
    }

    @Test
    @NeedsPeer({"nbdkit", "cmp"})
    void survivesPeersThatAreKilledAndStartedAgain() throws Exception {
        for (boolean sourceSide : new boolean[] {true, false}) {
            events.clear();
            String name = sourceSide ? "first.raw" : "second.raw";
            Path socket = folder.resolve(name + ".sock");
            String[] served =
                    sourceSide ? SPARSE : new String[] {"file", noise(name).toString()};
            String[] command = with("--filter=delay", with(served, "rdelay=30ms", "wdelay=30ms"));
            try (Peer other = sourceSide ? fileTarget(name) : Peer.nbdkit(folder, SPARSE)) {
                long movedBytes = progress.numbers().movedBytes();
                NbdUri mortal = NbdUri.unix(socket, "");
                Peer first = at(socket, command);
                FutureTask<CopyProgress.Numbers> copying = new FutureTask<>(() -> copy(
                        sourceSide ? mortal : other.uri(""), sourceSide ? other.uri("") : mortal, SIZE_BYTES, false));
                new Thread(copying).start();
                while (progress.numbers().movedBytes() < movedBytes + (8 << 20)) {
                    Thread.sleep(1);
                }
                first.kill();
                try (Peer second = at(socket, command)) {
                    copying.get();
                    assertThat(second.alive()).isTrue();
                }
            }
            assertThat(events).contains((sourceSide ? "source" : "target") + " is back");
            assertSameAsSparse(name);
        }
    }

    @Test
    @NeedsPeer("nbdkit")
    void anEmptyTebibyteNeedsLittleHeapAndTime() throws IOException {
        long size = 1L << 40;
        try (Peer source = Peer.nbdkit(folder, "memory", "1T");
                Peer target = Peer.nbdkit(folder, "memory", "1T")) {
            List<ExtentRun> runs = List.of(new ExtentRun(0, size, List.of(new Extent(0, size, Extent.Kind.ZERO))));
            long beganNanos = System.nanoTime();
            CopyProgress.Numbers numbers = copy(source.uri(""), target.uri(""), size, false, runs);
            assertThat(numbers.zeroedBytes()).isEqualTo(size);
            assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isLessThan(Duration.ofSeconds(20));
        }
    }

    /** Counted over all threads' garbage collections: a copy that made garbage per byte would need many. */
    @Test
    @NeedsPeer("nbdkit")
    void makesNoGarbagePerByte() throws IOException {
        long size = 4L << 30;
        try (Peer source = Peer.nbdkit(folder, "pattern", "4G");
                Peer target = Peer.nbdkit(folder, "null", "4G")) {
            System.gc();
            long collections = collections();
            copy(source.uri(""), target.uri(""), size, false);
            assertThat(collections() - collections).isLessThan(8);
        }
    }

    private CopyProgress.Numbers copy(NbdUri source, NbdUri target, long size, boolean targetIsZero)
            throws IOException {
        List<ExtentRun> runs = new ArrayList<>();
        long runBytes = 188 << 16; // sparse-random gives other noise where a block is not read from its start
        for (long at = 0; at < size; at += runBytes) {
            long length = Math.min(runBytes, size - at);
            runs.add(new ExtentRun(at, at + length, List.of(new Extent(at, length, Extent.Kind.DATA))));
        }
        return copy(source, target, size, targetIsZero, runs);
    }

    private CopyProgress.Numbers copy(
            NbdUri source, NbdUri target, long size, boolean targetIsZero, List<ExtentRun> runs) throws IOException {
        CopyTask task = new CopyTask(source, target, size, targetIsZero, false);
        int[] next = {0};
        UpcomingRuns upcoming = new UpcomingRuns() {
            @Override
            public @Nullable ExtentRun peek(int index) {
                return next[0] + index < runs.size() ? runs.get(next[0] + index) : null;
            }
        };
        try (RangeCopier copier = RangeCopier.open(task, CopySettings.defaults(), upcoming, progress, () -> false)) {
            while (next[0] < runs.size()) {
                copier.copy(runs.get(next[0]++));
            }
        }
        return progress.numbers();
    }

    private Peer fileTarget(String name, String... filterAndParameters) throws IOException {
        Path image = noise(name);
        List<String> arguments = new ArrayList<>();
        if (filterAndParameters.length > 0) {
            arguments.add(filterAndParameters[0]);
        }
        arguments.addAll(List.of("file", image.toString()));
        for (int i = 1; i < filterAndParameters.length; i++) {
            arguments.add(filterAndParameters[i]);
        }
        return Peer.nbdkit(folder, arguments.toArray(new String[0]));
    }

    private Peer fileTarget(String name, String filter, String[] parameters) throws IOException {
        return fileTarget(name, with(filter, parameters));
    }

    /** Starts nbdkit on a socket of our choice, so that a successor can take its place. */
    private Peer at(Path socket, String... arguments) {
        try {
            Files.deleteIfExists(socket);
            Path own = Files.createTempDirectory(folder, "mortal");
            List<String> command = new ArrayList<>(
                    List.of("nbdkit", "-f", "-P", own.resolve("pid").toString(), "-U", socket.toString()));
            command.addAll(List.of(arguments));
            return Peer.start(own, own.resolve("pid"), command);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A file with old content, so that zeros have to be written. */
    private Path noise(String name) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.write(PlannedDisk.noise((int) SIZE_BYTES, 3));
        }
        return file;
    }

    private void assertSameAsSparse(String name) {
        Path expected = folder.resolve("expected.raw");
        if (!Files.exists(expected)) {
            try (Peer source = Peer.nbdkit(folder, SPARSE)) {
                run("nbdcopy", source.uri("").toString(), expected.toString());
            }
        }
        run("cmp", expected.toString(), folder.resolve(name).toString());
    }

    private static void run(String... command) {
        Peer.run(Duration.ofSeconds(60), command).orFail();
    }

    private static String[] with(String first, String... rest) {
        return with(new String[] {first}, rest);
    }

    private static String[] with(String[] first, String... rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(rest));
        return all.toArray(new String[0]);
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }
}
