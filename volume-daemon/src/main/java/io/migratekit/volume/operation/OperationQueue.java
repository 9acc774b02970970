package io.migratekit.volume.operation;

import io.migratekit.volume.OperationId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Lets operations run side by side, but one at a time on each volume, in the order in which they were accepted. Safe for
 * many threads.
 */
final class OperationQueue {
    private final Executor executor;
    private final int atWorkMax;
    private final Map<Object, Entry> entries = new LinkedHashMap<>(); // guarded by this, in order of acceptance
    private boolean closed; // guarded by this

    /**
     * Makes one.
     *
     * @param atWorkMax how many operations work at a time; the others wait, in order, and hold nobody else up
     */
    OperationQueue(Executor executor, int atWorkMax) {
        this.executor = executor;
        this.atWorkMax = atWorkMax;
    }

    private static final class Entry {
        private Set<String> alone;
        private final Runnable work;
        private final boolean operation;
        private boolean started;

        Entry(Set<String> alone, Runnable work, boolean operation) {
            this.alone = alone;
            this.work = work;
            this.operation = operation;
        }
    }

    /**
     * Adds an operation behind all others.
     *
     * @param alone what it needs for itself
     */
    synchronized void add(OperationId id, Set<String> alone, Runnable work) {
        entries.put(id, new Entry(Set.copyOf(alone), work, true));
        startWhatCan();
        notifyAll(); // who waits to do something with the same has lost its turn
    }

    /**
     * Does something on the calling thread, while operations that need the same wait for it. Who else does such a thing
     * with the same is waited for; so it must not be called within its own work, but for something else.
     *
     * @param alone what it needs for itself
     * @return false if an operation needs one of these, or the thread was interrupted; then nothing was done
     */
    boolean ifIdle(Set<String> alone, Runnable work) {
        Object turn = new Object();
        if (!begin(turn, alone, work)) {
            return false;
        }
        try {
            work.run();
        } finally {
            ended(turn);
        }
        return true;
    }

    private synchronized boolean begin(Object turn, Set<String> alone, Runnable work) {
        try {
            while (entries.values().stream().anyMatch(entry -> shares(entry.alone, alone))) {
                if (!idle(alone)) {
                    return false;
                }
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        Entry entry = new Entry(Set.copyOf(alone), work, false);
        entry.started = true;
        entries.put(turn, entry);
        return true;
    }

    /**
     * Gives an operation that is at work more for itself, and waits until nobody else at work has it. To be called by
     * what is at work only; two that widen never wait for each other as long as they ask for different things.
     */
    synchronized void widen(OperationId id, Set<String> alone) throws InterruptedException {
        Entry own = Objects.requireNonNull(entries.get(id));
        Set<String> wider = new LinkedHashSet<>(own.alone);
        wider.addAll(alone);
        own.alone = Set.copyOf(wider);
        while (entries.values().stream()
                .anyMatch(other -> other != own && other.started && shares(other.alone, alone))) {
            wait();
        }
    }

    /** Returns whether no operation that has not ended needs one of these. */
    synchronized boolean idle(Set<String> alone) {
        return entries.values().stream().noneMatch(entry -> entry.operation && shares(entry.alone, alone));
    }

    /** Starts nothing from now on; what is at work goes on. Nothing is given to the executor after this. */
    synchronized void close() {
        closed = true;
    }

    /** Returns whether nothing is started any more. */
    synchronized boolean closed() {
        return closed;
    }

    /** Returns how many operations have not ended. */
    synchronized int size() {
        return Math.toIntExact(
                entries.values().stream().filter(entry -> entry.operation).count());
    }

    private synchronized void ended(Object turn) {
        entries.remove(turn);
        notifyAll();
        startWhatCan();
    }

    /** Waits until an operation has ended here, or the time is over. */
    synchronized void await(OperationId id, long millis) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + millis * 1_000_000;
        long leftMillis = millis;
        while (entries.containsKey(id) && leftMillis > 0) {
            wait(leftMillis);
            leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        }
    }

    private void startWhatCan() {
        if (closed) {
            return;
        }
        Set<String> taken = new LinkedHashSet<>();
        entries.values().stream().filter(entry -> entry.started).forEach(entry -> taken.addAll(entry.alone));
        Map<Object, Entry> starting = new LinkedHashMap<>();
        long room = atWorkMax
                - entries.values().stream()
                        .filter(entry -> entry.operation && entry.started)
                        .count();
        Iterator<Map.Entry<Object, Entry>> all = entries.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Object, Entry> next = all.next();
            if (starting.size() < room && !next.getValue().started && !shares(next.getValue().alone, taken)) {
                next.getValue().started = true; // with a thread at once: who widens waits for those that have started
                starting.put(next.getKey(), next.getValue());
            }
            taken.addAll(next.getValue().alone);
        }
        starting.forEach((id, entry) -> start(id, entry.work));
    }

    private void start(Object id, Runnable work) {
        executor.execute(() -> {
            try {
                work.run();
            } finally {
                ended(id);
            }
        });
    }

    private static boolean shares(Set<String> one, Set<String> other) {
        return one.stream().anyMatch(other::contains);
    }
}
