package io.migratekit.source.vddk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one nbdkit prints, read as it comes so that it never waits for us: the last lines, without secrets, those of
 * debugging apart from the others. Its own thread reads; any thread may ask.
 */
final class NbdkitOutput {
    private static final Logger LOG = LoggerFactory.getLogger(NbdkitOutput.class);
    private static final int LINES_MAX = 200;

    /** A longer line is cut: it says nothing that a person would read to the end. */
    private static final int LINE_CHARS_MAX = 2_000;

    /** What nbdkit prints with --verbose for each connection. */
    private static final String ACCEPTED = ": debug: accepted connection";

    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
    private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final SecretMask mask;
    private final Deque<Line> words = new ArrayDeque<>(); // guarded by this
    private final Deque<Line> debugging = new ArrayDeque<>(); // guarded by this
    private long count; // guarded by this
    private long accepted; // guarded by this
    private long lastNanos = System.nanoTime(); // guarded by this
    private boolean ended; // guarded by this

    private record Line(long number, String text) {}

    NbdkitOutput(SecretMask mask) {
        this.mask = mask;
    }

    /** Reads to the end of {@code in}; called once, by the thread that belongs to it. */
    void readAll(InputStream in) {
        try (Reader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            boolean cut = false;
            for (int letter = reader.read(); letter >= 0; letter = reader.read()) {
                if (letter == '\n') {
                    take(line, cut);
                    cut = false;
                } else if (line.length() < LINE_CHARS_MAX) {
                    line.append((char) letter);
                } else {
                    cut = true;
                }
            }
            take(line, cut);
        } catch (IOException e) {
            LOG.debug("nbdkit's output ended", e); // it does when nbdkit is killed
        } finally {
            end();
        }
    }

    private void take(StringBuilder raw, boolean cut) {
        if (!raw.isEmpty()) {
            add(cut ? mask.maskCut(raw.toString()) + "…" : mask.mask(raw.toString()));
            raw.setLength(0);
        }
    }

    static boolean isDebugging(String line) {
        return line.contains(": debug: ");
    }

    private void add(String text) {
        boolean debug = isDebugging(text);
        if (debug) {
            LOG.trace("{}", text);
        } else {
            LOG.info("{}", text);
        }
        synchronized (this) {
            accepted += text.endsWith(ACCEPTED) ? 1 : 0;
            Deque<Line> lines = debug ? debugging : words;
            lines.add(new Line(count++, text));
            if (lines.size() > LINES_MAX) {
                lines.removeFirst();
            }
            lastNanos = System.nanoTime();
        }
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Returns a mark for {@link #since}. */
    synchronized long mark() {
        return count;
    }

    /** Returns the known lines from {@code mark} on, once nbdkit has paused for a moment or has ended. */
    synchronized List<String> since(long mark) {
        awaitPause();
        return Stream.concat(words.stream(), debugging.stream())
                .filter(line -> line.number() >= mark)
                .map(Line::text)
                .toList();
    }

    /** Returns how many connections there have been. */
    synchronized long accepted() {
        return accepted;
    }

    /** Returns the last line that is no debugging, else the last one. */
    synchronized Optional<String> lastWords() {
        awaitPause();
        return Optional.ofNullable(words.isEmpty() ? debugging.peekLast() : words.peekLast())
                .map(Line::text);
    }

    /** What explains a failure is printed before the failure comes, but by another way: it may not be here yet. */
    private void awaitPause() {
        long beganNanos = System.nanoTime();
        while (!ended
                && System.nanoTime() - Math.max(lastNanos, beganNanos) < QUIET_NANOS
                && System.nanoTime() - beganNanos < SETTLE_NANOS) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, QUIET_NANOS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
