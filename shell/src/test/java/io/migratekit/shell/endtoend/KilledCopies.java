package io.migratekit.shell.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.program.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One copy after another, each living many short lives: killed at a random moment and typed again. */
final class KilledCopies {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int WINDOW_BYTES = 2 << 20;
    private static final int RANGES = 4;
    /** A little time after the copy goes on; more would let a copy end in few lives. */
    private static final long COPYING_MILLIS = 900;

    private static final Pattern BEGIN = Pattern.compile("(?m)^(job-\\S+) (started|goes on from its last commit)$");

    private final Program program;
    private final Path folder;
    private final Path source;
    private final Path target;
    private final String uri;
    private final Random random;
    private Optional<String> resumedJob = Optional.empty();
    private long startMillis = TimeUnit.SECONDS.toMillis(2);
    private int kills;
    private int completed;

    KilledCopies(Path folder, Path source, String uri, long seed) {
        this.program = new Program(folder)
                .with("MIGRATEKIT_CHUNK_BYTES", "1MB")
                .with("MIGRATEKIT_COPY_WINDOW", "2MB")
                .with("MIGRATEKIT_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
        this.folder = folder;
        this.source = source;
        this.target = folder.resolve("target.raw");
        this.uri = uri;
        this.random = new Random(seed);
    }

    /** Kills that often, then lets the last copy come to its end; returns how many copies did in all. */
    int kill(int times) throws IOException, InterruptedException {
        measureStart();
        while (kills < times) {
            live(random.nextLong(startMillis + COPYING_MILLIS));
        }
        live(TimeUnit.MINUTES.toMillis(2));
        return completed;
    }

    /** A start after a kill takes longer than the first: H2 makes sure that its old lock is nobody's. */
    private void measureStart() throws IOException, InterruptedException {
        Path output = output();
        Process first = program.start(output, "copy", uri, target.toString());
        Rig.awaitData(target, 0);
        end(first, output);
        long beganNanos = System.nanoTime();
        Path again = output();
        Process second = program.start(again, "copy", uri, target.toString());
        Rig.until("the second life has a job", () -> begin(again).find());
        startMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
        end(second, again);
    }

    private void live(long millis) throws IOException, InterruptedException {
        Path output = output();
        Process process = program.start(output, "copy", uri, target.toString());
        if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
            assertThat(process.exitValue())
                    .as("exit code of life %d: %s", kills, Files.readString(output))
                    .isZero();
            remember(output);
            complete();
        } else {
            end(process, output);
        }
    }

    private void end(Process process, Path output) throws IOException, InterruptedException {
        process.destroyForcibly().waitFor();
        kills++;
        remember(output);
    }

    /** Once a copy has gone on, it must go on each time until its end. */
    private void remember(Path output) throws IOException, InterruptedException {
        Matcher begin = begin(output);
        if (!begin.find()) {
            return;
        }
        boolean resumed = !begin.group(2).equals("started");
        if (resumedJob.isPresent() && !(resumed && resumedJob.get().equals(begin.group(1)))) {
            check(); // killed between its last commit and its last word, so that this life began another copy
        }
        resumedJob = resumed ? Optional.of(begin.group(1)) : Optional.empty();
    }

    private void complete() throws IOException, InterruptedException {
        check();
        resumedJob = Optional.empty();
        Files.delete(target);
    }

    private void check() throws IOException, InterruptedException {
        assertThat(Files.mismatch(source, target))
                .as("first byte that differs after %d kills", kills)
                .isEqualTo(-1);
        if (resumedJob.isPresent()) {
            var job = program.run("job", "show", resumedJob.get(), "--json")
                    .exits(0)
                    .json();
            assertThat(job.get("status").asString()).isEqualTo("completed");
            long restarts = job.get("restarts").asLong();
            assertThat(restarts).isPositive();
            assertThat(job.get("bytesRecopied").asLong())
                    .as("bytes copied again in %d restarts", restarts)
                    .isLessThanOrEqualTo(restarts * RANGES * (CHUNK_BYTES + WINDOW_BYTES));
        }
        completed++;
    }

    private Path output() throws IOException {
        return Files.createTempFile(folder, "life", ".txt");
    }

    private static Matcher begin(Path output) {
        try {
            return BEGIN.matcher(Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
