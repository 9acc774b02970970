package io.migratekit.shell.command;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C, SIGTERM and the loss of the terminal (SIGHUP, unless nohup(1) has it ignored) while a command runs. The first asks the command to stop at a safe point; the second says what is
 * being waited for; the third ends the process at once, which costs no more than a crash does: the uncommitted chunk.
 * Outside a command the JVM's own handling is in force.
 */
public final class Interrupt implements AutoCloseable {
    private static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    /** Told about interrupts; called on a thread of the JVM's signal dispatcher. */
    public interface Listener {
        /** Asks for a graceful stop. */
        void stop();

        /** Returns what a person who interrupts again has to know. */
        String waitingFor();
    }

    private final AtomicInteger count = new AtomicInteger();
    private final CountDownLatch first = new CountDownLatch(1);
    private final Map<String, @Nullable Object> before = new HashMap<>();
    private volatile Listener listener;

    private Interrupt(Listener listener) {
        this.listener = listener;
    }

    /** Starts to catch interrupts; without a better listener the calling thread is interrupted. */
    public static Interrupt catching() {
        Thread caller = Thread.currentThread();
        Interrupt interrupt = new Interrupt(new InterruptThread(caller));
        interrupt.register();
        return interrupt;
    }

    /** Tells {@code better} from now on; if an interrupt came already, at once. */
    public void tell(Listener better) {
        listener = better;
        if (count.get() > 0) {
            better.stop();
        }
    }

    /**
     * Spares the calling thread from now on: for commands that ask the database, since H2 closes its file under everybody
     * when a thread is interrupted in the middle of reading it. They wait by {@link #pause}, or {@link #tell} a listener.
     */
    public void spareThread() {
        tell(new Remembered());
    }

    /**
     * Waits.
     *
     * @throws InterruptedException as soon as somebody interrupts, or if somebody has
     */
    public void pause(long millis) throws InterruptedException {
        if (first.await(millis, TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("interrupted while waiting");
        }
    }

    /** Tells whether somebody interrupted. */
    public boolean came() {
        return count.get() > 0;
    }

    @Override
    public void close() {
        for (String signal : SIGNALS) {
            Object previous = before.get(signal);
            if (previous == null) {
                Signals.registerDefault(signal);
            } else {
                Signals.unregister(signal, previous);
            }
        }
    }

    private void register() {
        for (String signal : SIGNALS) {
            before.put(signal, Signals.register(signal, this::signalled));
        }
    }

    private void signalled() {
        int times = count.incrementAndGet();
        first.countDown();
        if (times == 1) {
            listener.stop();
        } else if (times == 2) {
            System.err.printf("%n%s%nInterrupt once more to leave at once.%n", listener.waitingFor());
        } else {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
        }
    }

    /** Whoever asks {@link #came} or waits by {@link #pause} learns of it. */
    private record Remembered() implements Listener {
        @Override
        public void stop() {
            // it is remembered already
        }

        @Override
        public String waitingFor() {
            return "The command ends as soon as the database has answered.";
        }
    }

    private record InterruptThread(Thread thread) implements Listener {
        @Override
        public void stop() {
            thread.interrupt();
        }

        @Override
        public String waitingFor() {
            return "The command was asked to stop and is finishing what it cannot leave half done.";
        }
    }
}
