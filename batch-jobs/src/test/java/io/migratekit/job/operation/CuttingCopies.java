package io.migratekit.job.operation;

import io.migratekit.job.JobsApp;
import io.migratekit.job.replication.RangeCopies;
import io.migratekit.source.extent.ExtentRun;
import io.migratekit.source.extent.UpcomingRuns;
import io.migratekit.target.CopyException;
import io.migratekit.target.CopyProgress;
import io.migratekit.target.CopySettings;
import io.migratekit.target.CopyTask;
import io.migratekit.target.RangeCopier;
import io.migratekit.target.StopSignal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The real copier, cut off before, or after, the k-th chunk. */
final class CuttingCopies implements RangeCopies {
    private final CopySettings settings;
    private final AtomicInteger chunks = new AtomicInteger();
    private volatile int cutAt = Integer.MAX_VALUE;
    private volatile int unflushedAt = Integer.MAX_VALUE;
    private volatile Optional<Runnable> action = Optional.empty();

    @Configuration(proxyBeanMethods = false)
    static class Wiring {
        @Bean
        CuttingCopies cuttingCopies(CopySettings settings) {
            return new CuttingCopies(settings);
        }
    }

    /** Starts the jobs with this copier, with two ranges per disk and small chunks. */
    static JobsApp app(Path home, String database) {
        return JobsApp.start(
                home,
                database,
                Wiring.class,
                "migratekit.chunk.bytes=1MB",
                "migratekit.copy.partitions-per-disk=2",
                "migratekit.copy.request-size=64KB",
                "migratekit.copy.far-request-size=64KB",
                "migratekit.copy.window=128KB");
    }

    /** Waits until so many chunks were written since the last order; gives up after 20 s. */
    void awaitChunk(int chunk) {
        long deadlineNanos = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (chunks() < chunk && System.nanoTime() < deadlineNanos) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    CuttingCopies(CopySettings settings) {
        this.settings = settings;
    }

    /** Fails the chunk with this number, counted from 1, after it was written and before it is committed. */
    void cutAt(int chunk) {
        chunks.set(0);
        action = Optional.empty();
        cutAt = chunk;
    }

    /** Fails the flush of this chunk; those of later chunks succeed, but only after that has become known. */
    void failFlushAt(int chunk) {
        chunks.set(0);
        unflushedAt = chunk;
    }

    /** Does {@code instead}, of failing. */
    void actAt(int chunk, Runnable instead) {
        cutAt(chunk);
        action = Optional.of(instead);
    }

    void heal() {
        unflushedAt = Integer.MAX_VALUE;
        cutAt = Integer.MAX_VALUE;
        action = Optional.empty();
    }

    int chunks() {
        return chunks.get();
    }

    @Override
    public RangeCopy open(CopyTask task, UpcomingRuns upcoming, CopyProgress progress, StopSignal stop)
            throws IOException {
        RangeCopier copier = RangeCopier.open(task, settings, upcoming, progress, stop);
        return new RangeCopy() {
            @Override
            public void copy(ExtentRun run) throws IOException {
                copier.copy(run);
                int chunk = chunks.incrementAndGet();
                if (chunk == unflushedAt) {
                    throw new CopyException.Unflushed("cut at the flush of chunk " + chunk);
                }
                if (chunk > unflushedAt) {
                    awaitStop(stop); // the other ranges' flushes are answered after the one that failed
                }
                if (chunk == cutAt) {
                    action.orElseThrow(() -> new IOException("cut at chunk " + cutAt))
                            .run();
                }
            }

            @Override
            public long finish() throws IOException {
                return copier.finish();
            }

            @Override
            public void close() {
                copier.close();
            }
        };
    }

    private static void awaitStop(StopSignal stop) {
        long deadlineNanos = System.nanoTime() + 10_000_000_000L;
        while (!stop.stopping() && System.nanoTime() < deadlineNanos) {
            Thread.onSpinWait();
        }
    }
}
