package io.migratekit.target;

import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentRun;
import io.migratekit.source.extent.UpcomingRuns;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Copies between real peers in one folder, what was heard of them, and the disk that most of them copy. */
final class PeerRig {
    static final long SIZE_BYTES = 64L << 20;
    static final String[] SPARSE = {"sparse-random", "size=64M", "seed=7", "percent=40", "random-content=true"};

    private final Path folder;
    final List<String> events = new CopyOnWriteArrayList<>();
    final CopyProgress progress = new CopyProgress(new CopyProgress.Events() {
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

    PeerRig(Path folder) {
        this.folder = folder;
    }

    CopyProgress.Numbers copy(NbdUri source, NbdUri target, long size, boolean targetIsZero) throws IOException {
        List<ExtentRun> runs = new ArrayList<>();
        long runBytes = 188 << 16; // sparse-random gives other noise where a block is not read from its start
        for (long at = 0; at < size; at += runBytes) {
            long length = Math.min(runBytes, size - at);
            runs.add(new ExtentRun(at, at + length, List.of(new Extent(at, length, Extent.Kind.DATA))));
        }
        return copy(source, target, size, targetIsZero, runs);
    }

    CopyProgress.Numbers copy(NbdUri source, NbdUri target, long size, boolean targetIsZero, List<ExtentRun> runs)
            throws IOException {
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

    Peer fileTarget(String name, String... filterAndParameters) throws IOException {
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

    Peer fileTarget(String name, String filter, String[] parameters) throws IOException {
        return fileTarget(name, with(filter, parameters));
    }

    /** Starts nbdkit on a socket of our choice, so that a successor can take its place. */
    Peer at(Path socket, String... arguments) {
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
    Path noise(String name) throws IOException {
        Path file = folder.resolve(name);
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.write(PlannedDisk.noise((int) SIZE_BYTES, 3));
        }
        return file;
    }

    void assertSameAsSparse(String name) {
        Path expected = folder.resolve("expected.raw");
        if (!Files.exists(expected)) {
            try (Peer source = Peer.nbdkit(folder, SPARSE)) {
                run("nbdcopy", source.uri("").toString(), expected.toString());
            }
        }
        run("cmp", expected.toString(), folder.resolve(name).toString());
    }

    static void run(String... command) {
        Peer.run(Duration.ofSeconds(60), command).orFail();
    }

    static String[] with(String first, String... rest) {
        return with(new String[] {first}, rest);
    }

    static String[] with(String[] first, String... rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(rest));
        return all.toArray(new String[0]);
    }
}
