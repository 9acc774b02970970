package io.migratekit.target;

import io.migratekit.nbd.NbdException;
import io.migratekit.nbd.client.ExportInfo;
import io.migratekit.nbd.client.NbdPipe;
import io.migratekit.nbd.client.NbdRequest;
import io.migratekit.nbd.client.Waiter;
import io.migratekit.nbd.wire.Command;
import io.migratekit.nbd.wire.ErrorCode;
import io.migratekit.source.Upstream;
import io.migratekit.source.extent.ExtentRun;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The loop that moves one range: reads, writes, answers and flushes on one thread, over one connection to each side.
 * Confined to the thread that calls {@link #turn}; only {@link #wake} may come from elsewhere.
 */
final class RangeLoop implements AutoCloseable {
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final CopyProgress progress;
    private final Waiter waiter;
    private final Peer source;
    private final Peer target;
    private final RunWalker walker;
    private final PieceFlow flow;
    private final boolean flushes;
    private final Flush flush = new Flush();
    private final Durability durability;
    private @Nullable ExtentRun current;
    private long finishBytes = Long.MAX_VALUE; // where a copy ends that begins nothing more
    private boolean fenced;

    private RangeLoop(
            CopyTask task, CopySettings settings, CopyProgress progress, Waiter waiter, Peer source, Peer target)
            throws CopyException {
        this.progress = progress;
        this.waiter = waiter;
        this.source = source;
        this.target = target;
        TargetCheck.check(task, source.export(), target.export());
        this.flushes = target.export().canFlush();
        this.walker = new RunWalker(blockBytes(source.export(), target.export()));
        this.durability = new Durability(progress);
        this.flow = new PieceFlow(task, settings, walker, progress, source, target);
    }

    /**
     * Connects to both sides and checks that they fit.
     *
     * @throws CopyException.Refused if the target is too small, read-only or without FLUSH
     * @throws CopyException.Lost if a side stays away for as long as the settings allow
     */
    static RangeLoop open(CopyTask task, CopySettings settings, CopyProgress progress, StopSignal stop)
            throws IOException {
        Waiter waiter = Waiter.open();
        Peer source = null;
        Peer target = null;
        try {
            source = new Peer("source", task.source(), true, settings, task.upstream(), progress, stop, waiter);
            target = new Peer("target", task.target(), true, settings, Upstream.NONE, progress, stop, waiter);
            return new RangeLoop(task, settings, progress, waiter, source, target);
        } catch (IOException | RuntimeException e) {
            closeAll(source, target, waiter);
            throw e;
        }
    }

    /** Adds a run behind those known; it is begun on as soon as the window has room. */
    void announce(ExtentRun run) {
        walker.announce(run);
    }

    /** Makes the first announced run the one to be made durable; the one before it has been committed. */
    void begin() {
        if (current != null) {
            walker.end();
        }
        ExtentRun first = walker.first();
        current = first;
        durability.begin(first);
    }

    /** Begins nothing more; what has been begun is made durable, however far behind the current run it lies. */
    void finish() {
        if (finishBytes == Long.MAX_VALUE) {
            finishBytes = walker.stop();
        }
    }

    /** Tells whether all that had been begun before {@link #finish} is durable. */
    boolean finished() {
        return durability.durableBytes() >= finishBytes;
    }

    /** Returns up to where the target is durable. */
    long durableBytes() {
        return durability.durableBytes();
    }

    /** Moves what can be moved; sleeps a little if nothing can. */
    void turn() throws IOException {
        flow.fill();
        flushIfDue(
                finishBytes < Long.MAX_VALUE
                        ? finishBytes
                        : Objects.requireNonNull(current, "no run was begun").untilBytes());
        boolean moved = pumpSource();
        moved |= pumpTarget();
        flow.retries().throwFailure();
        if (!moved) {
            idle();
        }
    }

    /** Ends a sleep of the loop; from any thread. */
    void wake() {
        waiter.wake();
    }

    /** Lets nothing more go to the target, not even what is under way already. */
    void fence() {
        fenced = true;
    }

    /** Closes both connections, after what is owed has come in, or a little time has passed. */
    @Override
    public void close() {
        if (!fenced) {
            flow.abandon(); // what the source still sends is not for the target any more
            settle();
        }
        closeAll(source, target, waiter);
    }

    /** Some servers do not survive a client that leaves while they answer (nbdkit 1.32 ends with an assertion). */
    private void settle() {
        long untilNanos = System.nanoTime() + SETTLE_NANOS;
        try {
            while (source.pipe().inFlight() + target.pipe().inFlight() > 0 && System.nanoTime() < untilNanos) {
                boolean moved = source.pipe().pump();
                moved |= target.pipe().pump();
                if (!moved) {
                    waiter.await(WAIT_NANOS, source.pipe(), target.pipe());
                }
            }
        } catch (NbdException e) {
            // the peer is gone or broken, so nothing is owed to it; why the copy ended was told by the copy
        }
    }

    private boolean pumpSource() throws IOException {
        try {
            boolean moved = source.pipe().pump();
            source.pipe().checkSilence();
            flow.retries().throwLost();
            return moved;
        } catch (NbdException e) {
            source.reconnect(e);
            flow.readAgain();
            return true;
        }
    }

    private boolean pumpTarget() throws IOException {
        try {
            boolean moved = target.pipe().pump();
            target.pipe().checkSilence();
            return moved;
        } catch (NbdException e) {
            // Only a flush counts as progress of the target: what was written before it is written again.
            target.reconnect(e);
            flow.abandon();
            walker.rewind(durability.durableBytes());
            progress.recopied(durability.lost(flow));
            flush.underWay = false;
            return true;
        }
    }

    private void flushIfDue(long untilBytes) {
        long acknowledged = flow.acknowledgedBytes(untilBytes);
        durability.take(flow);
        if (flush.underWay) {
            return;
        }
        boolean ended = acknowledged >= untilBytes && durability.durableBytes() < untilBytes;
        boolean due = ended || durability.smallStepDue();
        if (!due) {
            return;
        }
        if (durability.clean()) {
            durability.cover();
            durability.flushed(acknowledged);
            return;
        }
        if (!flushes) {
            target.achieved();
            durability.cover();
            durability.flushed(acknowledged);
            return;
        }
        flush.start(acknowledged);
    }

    /** Sleeps. Where nothing is on its way, the copy waits for a commit: for its flush, or for who stores the cursor. */
    private void idle() throws NbdException {
        long startNanos = flow.idle() ? System.nanoTime() : 0;
        NbdPipe from = source.pipe();
        NbdPipe to = target.pipe();
        waiter.await(flow.retries().waitNanos(WAIT_NANOS), from, to);
        if (startNanos != 0) {
            progress.stalled(System.nanoTime() - startNanos);
        }
    }

    private static int blockBytes(ExportInfo source, ExportInfo target) {
        return Math.max(source.blockBytesMin(), target.blockBytesMin());
    }

    private static void closeAll(@Nullable Peer source, @Nullable Peer target, Waiter waiter) {
        if (source != null) {
            source.close();
        }
        if (target != null) {
            target.close();
        }
        waiter.close();
    }

    /** A FLUSH, which covers what the target had answered when it was sent. */
    private final class Flush extends NbdRequest {
        private boolean underWay;
        private long coversBytes;

        void start(long acknowledgedBytes) {
            underWay = true;
            coversBytes = acknowledgedBytes;
            durability.cover();
            prepare(Command.FLUSH, 0, 0, 0, null);
            target.pipe().submit(this);
        }

        @Override
        protected void completed() {
            underWay = false;
            ErrorCode error = error();
            if (error != null) {
                flow.retries().fail(target, this, error);
                return;
            }
            durability.flushed(coversBytes);
            target.achieved();
        }
    }
}
