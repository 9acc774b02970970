package io.migratekit.job.operation;

import io.migratekit.job.JobException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A job that this process runs.
 *
 * @param <R> what it ends with
 * @param <P> how far it is
 */
public final class JobHandle<R, P> {
    private final String jobId;
    private final boolean resumed;
    private final CompletableFuture<R> end;
    private final Supplier<Optional<P>> progress;
    private final Runnable stop;

    JobHandle(String jobId, boolean resumed, CompletableFuture<R> end, Supplier<Optional<P>> progress, Runnable stop) {
        this.jobId = jobId;
        this.resumed = resumed;
        this.end = end;
        this.progress = progress;
        this.stop = stop;
    }

    /** Returns our job id, which a restart keeps. */
    public String jobId() {
        return jobId;
    }

    /** Returns whether an unfinished job goes on instead of a new one. */
    public boolean resumed() {
        return resumed;
    }

    /** Returns how far it is, while it runs. */
    public Optional<P> progress() {
        return progress.get();
    }

    /** Lets it end at its next commit; it stays restartable. */
    public void requestStop() {
        stop.run();
    }

    /** Waits at most so long and returns whether it has ended. */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        try {
            end.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return true; // result() tells
        }
    }

    /**
     * Waits for the end.
     *
     * @throws JobException why it did not come to its end; a stop on request is none
     */
    public R result() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JobException known) {
                throw known;
            }
            throw new JobException.Failed("job %s failed: %s".formatted(jobId, e.getCause()), e);
        }
    }
}
