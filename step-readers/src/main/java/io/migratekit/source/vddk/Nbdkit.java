package io.migratekit.source.vddk;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.NbdUri;
import io.migratekit.nbd.client.ClientOptions;
import io.migratekit.nbd.client.NbdClient;
import io.migratekit.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** One nbdkit, from its start to its end. */
final class Nbdkit implements AutoCloseable {
    private static final long LOOK_MILLIS = 10;
    private static final int TRIAL_BYTES = 4096;

    private final Process process;
    private final NbdkitLaunch launch;
    private final NbdkitOutput output;
    private final NbdUri uri;
    private final AtomicLong own = new AtomicLong(); // connections of ours, not of clients
    private final CompletableFuture<Void> refusal = new CompletableFuture<>(); // of the log-in
    private long othersSeen; // confined to the keeper

    private Nbdkit(Process process, NbdkitLaunch launch) {
        this.process = process;
        this.launch = launch;
        this.output = new NbdkitOutput(launch.mask(), this::refuse);
        this.uri = NbdUri.unix(launch.folder().socket(), "");
    }

    static Nbdkit start(ProcessBuilder builder, NbdkitLaunch launch) throws IOException {
        Nbdkit nbdkit = new Nbdkit(builder.start(), launch);
        Thread reader = new Thread(
                () -> nbdkit.output.readAll(nbdkit.process.getInputStream()), "nbdkit-output-" + nbdkit.process.pid());
        reader.setDaemon(true);
        reader.start();
        try {
            launch.guard().watch(nbdkit.process.pid());
        } catch (IOException e) {
            nbdkit.close();
            throw e;
        }
        return nbdkit;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    NbdkitOutput output() {
        return output;
    }

    private void refuse() {
        launch.secret().refuse();
        refusal.complete(null);
    }

    /** Tells whether a log-in was refused: each next connection would be one more with the same password. */
    boolean isRefused() {
        return refusal.isDone();
    }

    /** Calls {@code action} once nbdkit has ended or its log-in was refused, possibly at once. */
    void whenEnded(Runnable action) {
        CompletableFuture<Void> unused =
                CompletableFuture.anyOf(process.onExit(), refusal).thenRun(action);
    }

    /** Waits until nbdkit has written its pid, which it does when its socket listens; ends it if it does not. */
    void awaitSocket() throws SourceException {
        long giveUpNanos = System.nanoTime() + launch.settings().startTimeout().toNanos();
        while (!Files.exists(launch.folder().pid())) {
            String trouble = !alive()
                    ? "nbdkit ended at its start with exit code " + process.exitValue()
                    : System.nanoTime() > giveUpNanos
                            ? "nbdkit did not get ready in " + launch.settings().startTimeout()
                            : pause();
            if (!trouble.isEmpty()) {
                List<String> printed = output.since(0);
                close();
                throw launch.explanation().because(trouble, printed);
            }
        }
    }

    private static String pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "nbdkit's start was interrupted";
        }
    }

    /** Logs in, opens the disk and reads its beginning, as any client does. */
    void tryRead() throws NbdException {
        Duration limit = launch.settings().openTimeout();
        own.incrementAndGet();
        try (NbdClient client = NbdClient.connect(uri, new ClientOptions(limit, limit, List.of()))) {
            client.read(0, ByteBuffer.allocate((int)
                    Math.min(TRIAL_BYTES, client.export().sizeBytes())));
        }
    }

    /**
     * Tells whether nbdkit answers; an error is an answer as well, silence is none. Where clients have connected since
     * the last time, perhaps after they waited for a read in vain, a read is tried; else a greeting has to do, which
     * costs the host nothing. For the keeper only.
     */
    boolean answers() {
        long others = output.accepted() - own.get();
        boolean clientsCame = others > othersSeen;
        othersSeen = Math.max(others, othersSeen);
        return clientsCame
                ? answers(launch.settings().openTimeout(), this::tryRead)
                : answers(launch.settings().silenceMax(), this::greet);
    }

    private void greet() throws NbdException {
        Duration limit = launch.settings().silenceMax();
        own.incrementAndGet();
        NbdClient.list(uri, new ClientOptions(limit, limit, List.of()));
    }

    private static boolean answers(Duration limit, Question question) {
        long startNanos = System.nanoTime();
        try {
            question.ask();
            return true;
        } catch (NbdException e) {
            return System.nanoTime() - startNanos < limit.toNanos();
        }
    }

    private interface Question {
        void ask() throws NbdException;
    }

    String exit() {
        return alive() ? "still runs" : "ended with exit code " + process.exitValue();
    }

    /** Ends nbdkit, in the last resort as a crash would, and waits for it. */
    @Override
    public void close() {
        process.destroy();
        try {
            process.onExit().get(launch.settings().endTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            kill();
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
        try {
            launch.guard().forget();
        } catch (IOException e) {
            // the guard is gone, so it will kill nobody; the next start tells
        }
    }

    /** A process that hangs in VDDK does not end by a SIGTERM, and one that is stopped does not see it. */
    void kill() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly(); // first: else it tells clients of the end of its children as an error of the disk
        children.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }
}
