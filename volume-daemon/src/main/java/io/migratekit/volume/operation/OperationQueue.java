package io.migratekit.volume.operation;

import io.migratekit.volume.OperationId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Lets operations run side by side, but one at a time on each volume, in the order in which they were accepted. Safe for
 * many threads.
 */
final class OperationQueue {
    private final Executor executor;
    private final Map<OperationId, Entry> entries = new LinkedHashMap<>(); // guarded by this, in order of acceptance

    OperationQueue(Executor executor) {
        this.executor = executor;
    }

    private static final class Entry {
        private final Set<String> alone;
        private final Runnable work;
        private boolean started;

        Entry(Set<String> alone, Runnable work) {
            this.alone = alone;
            this.work = work;
        }
    }

    /**
     * Adds an operation behind all others.
     *
     * @param alone what it needs for itself
     */
    synchronized void add(OperationId id, Set<String> alone, Runnable work) {
        entries.put(id, new Entry(Set.copyOf(alone), work));
        startWhatCan();
    }

    /** Returns whether no operation that has not ended needs one of these. */
    synchronized boolean idle(Set<String> alone) {
        return entries.values().stream().noneMatch(entry -> shares(entry.alone, alone));
    }

    /** Returns how many operations have not ended. */
    synchronized int size() {
        return entries.size();
    }

    private synchronized void ended(OperationId id) {
        entries.remove(id);
        startWhatCan();
        notifyAll();
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
        Set<String> taken = new LinkedHashSet<>();
        Map<OperationId, Entry> starting = new LinkedHashMap<>();
        Iterator<Map.Entry<OperationId, Entry>> all = entries.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<OperationId, Entry> next = all.next();
            if (!next.getValue().started && !shares(next.getValue().alone, taken)) {
                next.getValue().started = true;
                starting.put(next.getKey(), next.getValue());
            }
            taken.addAll(next.getValue().alone);
        }
        starting.forEach((id, entry) -> start(id, entry.work));
    }

    private void start(OperationId id, Runnable work) {
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
