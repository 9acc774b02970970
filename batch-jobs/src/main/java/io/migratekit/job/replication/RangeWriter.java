package io.migratekit.job.replication;

import io.migratekit.job.JobException;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentRun;
import io.migratekit.source.extent.ExtentRunReader;
import io.migratekit.target.CopyException;
import io.migratekit.target.CopyProgress;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.item.ItemStreamWriter;

/**
 * Makes the runs of one range durable on the target. When {@link #write} returns, all of the run is flushed there, so the
 * cursor may be stored.
 */
final class RangeWriter implements ItemStreamWriter<ExtentRun> {
    private final ReplicationRun run;
    private final DiskCopy disk;
    private final RangeCopyState range;
    private final ExtentRunReader reader;
    private final CopyProgress progress;
    private final ChunkSize chunkSize;
    private final RangeCopies copies;
    private final ProgressStore store;
    private final Runnable endStep;
    private RangeCopies.@Nullable RangeCopy copy;

    RangeWriter(
            ReplicationRun run,
            DiskCopy disk,
            RangeCopyState range,
            ExtentRunReader reader,
            CopyProgress progress,
            ChunkSize chunkSize,
            RangeCopies copies,
            ProgressStore store,
            Runnable endStep) {
        this.run = run;
        this.disk = disk;
        this.range = range;
        this.reader = reader;
        this.progress = progress;
        this.chunkSize = chunkSize;
        this.copies = copies;
        this.store = store;
        this.endStep = endStep;
    }

    /** Returns the reader; the connections are closed as soon as it has no more and the last commit is done. */
    ItemReader<ExtentRun> closingAfter(ExtentRunReader runs) {
        return () -> {
            ExtentRun next = runs.read();
            if (next == null) {
                close();
            }
            return next;
        };
    }

    @Override
    public void open(ExecutionContext context) {
        range.begin(progress);
        long againBytes = reader.recopiedBytesMax();
        if (againBytes > 0) {
            run.meter().recopied(againBytes);
            // Before the first byte: a process that is killed before its next heartbeat has copied them all the same.
            store.store(run);
        }
    }

    @Override
    public void write(Chunk<? extends ExtentRun> chunk) throws Exception {
        run.meter().copyBegins();
        for (ExtentRun next : chunk) {
            run.checkLease();
            try {
                copyOrEnd(next);
            } catch (CopyException.Stopped e) {
                throw interrupted(e);
            } catch (CopyException.NoRoom e) {
                JobException full = disk.full(e);
                run.failed(full);
                throw full;
            } catch (Exception e) {
                run.failed(e);
                throw e;
            }
            run.checkFlushes();
            // Late on purpose: a lease that was lost while bytes were on their way must not be followed by a commit.
            run.checkLease();
        }
    }

    private void copyOrEnd(ExtentRun next) throws Exception {
        if (run.stopping()) {
            end(next);
            return;
        }
        long beganNanos = System.nanoTime();
        copier().copy(next);
        chunkSize.measured(next.bytes(Extent.Kind.DATA), next.bytes(Extent.Kind.ZERO), System.nanoTime() - beganNanos);
    }

    /**
     * Ends the range where what has been begun ends, so that this commit covers all that was written. The run before it is
     * committed by now: if a slow peer takes longer than anybody waits, only this is lost.
     */
    private void end(ExtentRun next) throws Exception {
        RangeCopies.RangeCopy open = copy;
        reader.endAt(open == null ? next.fromBytes() : open.finish());
        endStep.run();
    }

    @Override
    public void update(ExecutionContext context) {
        range.store(context);
    }

    @Override
    public void close() {
        RangeCopies.RangeCopy open = copy;
        copy = null;
        if (open != null) {
            open.close();
        }
    }

    private RangeCopies.RangeCopy copier() throws Exception {
        RangeCopies.RangeCopy open = copy;
        if (open == null) {
            open = copies.open(disk.task(), reader, progress, run);
            copy = open;
        }
        return open;
    }

    private static JobInterruptedException interrupted(CopyException.Stopped stopped) {
        JobInterruptedException interrupted = new JobInterruptedException(String.valueOf(stopped.getMessage()));
        interrupted.initCause(stopped);
        return interrupted;
    }
}
