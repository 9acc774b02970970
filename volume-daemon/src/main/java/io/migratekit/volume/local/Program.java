package io.migratekit.volume.local;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of this machine, each to its end, never through a shell. */
final class Program {
    private static final int WORDS_MAX = 2000;

    private Program() {}

    /**
     * How a program ended.
     *
     * @param exitCode 0 where it succeeded
     * @param output what it wrote
     * @param words what it complained of
     */
    record Result(int exitCode, String output, String words) {

        void orFail(List<String> command) throws ProgramFailure {
            if (exitCode != 0) {
                throw new ProgramFailure("%s ended with exit code %d: %s".formatted(command, exitCode, words));
            }
        }
    }

    /**
     * Runs a program without input and in no language but English.
     *
     * @param timeout after which it is killed
     * @throws ProgramFailure if it does not end in time
     */
    static Result run(List<String> command, Duration timeout) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        Drain output = new Drain(process.getInputStream());
        Drain words = new Drain(process.getErrorStream());
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProgramFailure("%s has not ended after %d s and was killed; is the pool's storage slow?"
                        .formatted(command, timeout.toSeconds()));
            }
            return new Result(process.exitValue(), output.text(), shortened(words.text()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException(command + " was interrupted and killed");
            interrupted.initCause(e);
            throw interrupted;
        } finally {
            kill(process);
        }
    }

    /** Nobody may change an image after the call that wanted it has returned. */
    private static void kill(Process process) {
        if (process.isAlive()) {
            process.destroyForcibly().onExit().join();
        }
    }

    private static String shortened(String words) {
        String text = words.strip();
        return text.length() > WORDS_MAX ? text.substring(0, WORDS_MAX) + "..." : text;
    }

    /** Reads what a program writes while it runs, so that it never waits for room in the pipe; ends with the program. */
    private static final class Drain extends Thread {
        private final InputStream stream;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(); // read after join

        Drain(InputStream stream) {
            super("program-output");
            this.stream = stream;
            setDaemon(true);
            start();
        }

        @Override
        public void run() {
            try (stream) {
                stream.transferTo(bytes);
            } catch (IOException e) {
                bytes.writeBytes(("(its output ended with: " + e.getMessage() + ")").getBytes(StandardCharsets.UTF_8));
            }
        }

        String text() throws InterruptedException {
            join();
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
