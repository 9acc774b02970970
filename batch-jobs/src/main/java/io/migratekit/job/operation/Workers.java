package io.migratekit.job.operation;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The threads that jobs run on in this process, one each, and what is done behind each job. */
final class Workers {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final Map<String, CompletableFuture<?>> running = new ConcurrentHashMap<>();
    private final Set<Thread> tidying = ConcurrentHashMap.newKeySet();
    private final Runnable behindEachJob;

    /**
     * Makes the threads.
     *
     * @param behindEachJob what is done once a job's end is known, however it ended; nobody waits for it but the end of
     *     the process
     */
    Workers(Runnable behindEachJob) {
        this.behindEachJob = behindEachJob;
    }

    /** Runs {@code work} on a thread of its own. */
    <R> CompletableFuture<R> run(String jobId, Supplier<R> work) {
        CompletableFuture<R> end = new CompletableFuture<>();
        running.put(jobId, end);
        Thread thread = new Thread(
                () -> {
                    tidying.add(Thread.currentThread());
                    try {
                        R result = work.get();
                        running.remove(jobId, end);
                        end.complete(result);
                    } catch (Throwable e) {
                        running.remove(jobId, end);
                        end.completeExceptionally(e);
                    }
                    tidy();
                },
                jobId);
        // The JVM's end waits for jobs through the lifecycle, not through threads.
        thread.setDaemon(true);
        thread.start();
        return end;
    }

    private void tidy() {
        try {
            behindEachJob.run();
        } catch (RuntimeException e) {
            LOG.warn("what is done behind each job failed; the end of the next job tries again", e);
        } finally {
            tidying.remove(Thread.currentThread());
        }
    }

    boolean idle() {
        return running.isEmpty() && tidying.isEmpty();
    }

    /** Waits until no job runs here any more and nothing is done behind one, at most {@code timeout}; returns whether that came true. */
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
