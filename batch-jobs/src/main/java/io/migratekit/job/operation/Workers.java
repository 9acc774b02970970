package io.migratekit.job.operation;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The threads that jobs run on in this process, one each. */
final class Workers {
    private final Map<String, CompletableFuture<?>> running = new ConcurrentHashMap<>();

    /** Runs {@code work} on a thread of its own. */
    <R> CompletableFuture<R> run(String jobId, Supplier<R> work) {
        CompletableFuture<R> end = new CompletableFuture<>();
        running.put(jobId, end);
        Thread thread = new Thread(
                () -> {
                    try {
                        R result = work.get();
                        running.remove(jobId, end);
                        end.complete(result);
                    } catch (Throwable e) {
                        running.remove(jobId, end);
                        end.completeExceptionally(e);
                    }
                },
                jobId);
        // The JVM's end waits for jobs through the lifecycle, not through threads.
        thread.setDaemon(true);
        thread.start();
        return end;
    }

    boolean idle() {
        return running.isEmpty();
    }

    /** Waits until no job runs here any more, at most {@code timeout}; returns whether that came true. */
    boolean awaitIdle(Duration timeout) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (!idle()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                return false;
            }
            Thread.sleep(20);
        }
        return true;
    }
}
