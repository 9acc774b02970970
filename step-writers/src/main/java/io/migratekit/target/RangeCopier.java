package io.migratekit.target;

import io.migratekit.source.extent.Extent;
import io.migratekit.source.extent.ExtentRun;
import io.migratekit.source.extent.UpcomingRuns;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies one range of a disk over one connection to each side. {@link #copy} returns when a run is acknowledged and
 * flushed; requests of the runs after it are on their way by then, and go on being moved by a thread of the copier's own
 * while the caller stores its cursor, so that the pipe does not drain at a commit. Nothing is written twice except after
 * the target was lost: then everything since the last flush is.
 *
 * <p>After an exception the copier is of no more use; what {@link #copy} returned for before is durable, and a new
 * copier goes on from there. To be used by one thread.
 */
public final class RangeCopier implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Runs told in advance at most; more would only help if runs were smaller than the window. */
    private static final int AHEAD_MAX = 64;

    private final RangeLoop loop;
    private final UpcomingRuns upcoming;
    private final long windowBytes;
    private final AtomicBoolean closing;
    private final StopSignal stop;
    private final Thread thread = new Thread(this::run, "range-" + NUMBER.incrementAndGet());
    private long announcedBytes = -1; // the caller's: up to where runs were announced

    // Guarded by this.
    private final Deque<ExtentRun> announced = new ArrayDeque<>();
    private int begins;
    private boolean finishing;
    private boolean finished;
    private long durableBytes = -1;
    private @Nullable Throwable failure;

    private RangeCopier(
            RangeLoop loop, UpcomingRuns upcoming, long windowBytes, AtomicBoolean closing, StopSignal stop) {
        this.loop = loop;
        this.upcoming = upcoming;
        this.windowBytes = windowBytes;
        this.closing = closing;
        this.stop = stop;
        thread.setDaemon(true);
    }

    /**
     * Connects to both sides, which have answered before, and checks that they fit. A side that is away at this moment is
     * waited for like one that is lost later: the ranges of a long copy begin hours after its start.
     *
     * @throws CopyException.Refused if the target is too small, read-only or without FLUSH
     * @throws CopyException.Lost if a side stays away for as long as the settings allow
     * @throws CopyException.Stopped if a stop is asked for meanwhile
     */
    public static RangeCopier open(
            CopyTask task, CopySettings settings, UpcomingRuns upcoming, CopyProgress progress, StopSignal stop)
            throws IOException {
        AtomicBoolean closing = new AtomicBoolean(); // ends also a wait for a lost peer
        RangeLoop loop = RangeLoop.open(task, settings, progress, () -> closing.get() || stop.stopping());
        RangeCopier copier = new RangeCopier(loop, upcoming, settings.windowBytes(), closing, stop);
        copier.thread.start();
        return copier;
    }

    /**
     * Makes a run durable on the target. The run before it counts as committed from now on.
     *
     * @param run the next run; must be what {@link UpcomingRuns#peek} announced
     * @throws CopyException with who can help
     */
    public void copy(ExtentRun run) throws IOException {
        announce(run);
        long ahead = 0;
        for (int i = 0; i < AHEAD_MAX && ahead < windowBytes; i++) {
            ExtentRun next = upcoming.peek(i);
            if (next == null) {
                break;
            }
            announce(next);
            ahead += next.bytes(Extent.Kind.DATA) + RunWalker.weight(next.bytes(Extent.Kind.ZERO), Extent.Kind.ZERO);
        }
        await(run);
    }

    /**
     * Ends the copy before its range does: begins nothing more, and makes durable what has been begun behind the last
     * run, so that a restart has nothing to copy again. Nothing may be copied after it.
     *
     * @return up to where the target is durable, at or behind the end of the last run; the cursor may be stored there
     * @throws CopyException with who can help; the end of the last run stays durable
     */
    public synchronized long finish() throws IOException {
        finishing = true;
        notifyAll();
        loop.wake();
        awaitUntil(() -> finished);
        return durableBytes;
    }

    @Override
    public void close() {
        synchronized (this) {
            closing.set(true);
            notifyAll();
        }
        loop.wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the connections must be closed before we go
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void announce(ExtentRun run) {
        if (announcedBytes < 0) {
            announcedBytes = run.fromBytes();
        }
        if (run.untilBytes() <= announcedBytes) {
            return; // told when the run before it was copied
        }
        if (run.fromBytes() != announcedBytes) {
            throw new IllegalStateException("run [%d, %d) came where one from %d on was due"
                    .formatted(run.fromBytes(), run.untilBytes(), announcedBytes));
        }
        announcedBytes = run.untilBytes();
        synchronized (this) {
            announced.add(run);
        }
    }

    private synchronized void await(ExtentRun run) throws IOException {
        begins++;
        notifyAll();
        loop.wake();
        awaitUntil(() -> durableBytes >= run.untilBytes());
    }

    private synchronized void awaitUntil(BooleanSupplier reached) throws IOException {
        while (!reached.getAsBoolean()) {
            throwFailure();
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CopyException.Stopped("interrupted while copying; what was committed stays", e);
            }
        }
    }

    private void throwFailure() throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure != null) {
            throw new IllegalStateException("the copy loop broke: " + failure, failure);
        }
    }

    /** The loop's thread. */
    private void run() {
        try (loop) {
            while (takeOrders()) {
                checkFence();
                loop.turn();
                tellDurable();
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }

    /** A process that slept while another took over must not send what it had in mind when it fell asleep. */
    private void checkFence() throws CopyException.Fenced {
        if (stop.fenced()) {
            loop.fence();
            throw new CopyException.Fenced(
                    "the right to write to the target was lost, maybe to another process, so nothing more is sent there. "
                            + "Run the same command again, without --mode full; a copy goes on from its last commit");
        }
    }

    /** Takes over what the caller asks for; false if it wants the end. */
    private synchronized boolean takeOrders() {
        while (begins == 0 && durableBytes < 0 && !closing.get()) {
            try {
                wait();
            } catch (InterruptedException e) {
                return false;
            }
        }
        while (!announced.isEmpty()) {
            loop.announce(announced.remove());
        }
        for (; begins > 0; begins--) {
            loop.begin();
            durableBytes = loop.durableBytes();
        }
        if (finishing) {
            loop.finish();
        }
        return !closing.get();
    }

    private void tellDurable() {
        long now = loop.durableBytes();
        boolean ended = loop.finished();
        synchronized (this) {
            if (now != durableBytes || ended) {
                durableBytes = now;
                finished = ended;
                notifyAll();
            }
        }
    }

    private synchronized void fail(Throwable cause) {
        failure = cause;
        notifyAll();
    }
}
