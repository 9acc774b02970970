package io.migratekit.job.lease;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one lease alive from a thread of its own, and does what has to be done about each second beside it. A lease
 * that is taken over, or that could not be renewed for two thirds of its time, counts as lost: whoever holds it must
 * stop before another process may begin.
 */
public final class Heartbeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final Leases leases;
    private final Lease lease;
    private final Duration interval;
    private final long patienceNanos;
    private final Runnable onLost;
    private final List<Runnable> chores;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean lost;
    private volatile long renewedNanos = System.nanoTime();

    private Heartbeat(
            Leases leases, Lease lease, Duration interval, Duration timeout, Runnable onLost, List<Runnable> chores) {
        this.leases = leases;
        this.lease = lease;
        this.interval = interval;
        this.patienceNanos = timeout.toNanos() / 3 * 2;
        this.onLost = onLost;
        this.chores = List.copyOf(chores);
        this.thread = new Thread(this::beat, "heartbeat-" + lease.jobId());
        thread.setDaemon(true);
    }

    /**
     * Starts the thread.
     *
     * @param timeout silence after which others may take over, as the lease has it
     * @param onLost called once, on the heartbeat's thread
     * @param chores called at each beat while the lease is held; one that fails is logged and tried again
     */
    public static Heartbeat start(
            Leases leases, Lease lease, Duration interval, Duration timeout, Runnable onLost, List<Runnable> chores) {
        Heartbeat heartbeat = new Heartbeat(leases, lease, interval, timeout, onLost, chores);
        heartbeat.thread.start();
        return heartbeat;
    }

    /** Returns whether writing must end now. */
    public boolean lost() {
        return lost || System.nanoTime() - renewedNanos > patienceNanos;
    }

    private void beat() {
        while (!closed() && !lost) {
            long beganNanos = System.nanoTime();
            renew(beganNanos);
            if (!lost) {
                chores.forEach(this::run);
            }
            pause(interval.toNanos() - (System.nanoTime() - beganNanos));
        }
    }

    private void renew(long beganNanos) {
        try {
            if (leases.renew(lease)) {
                renewedNanos = beganNanos;
            } else {
                lose("it was taken over");
            }
        } catch (RuntimeException e) {
            LOG.warn("heartbeat of job {} could not be stored", lease.jobId(), e);
            if (System.nanoTime() - renewedNanos > patienceNanos) {
                lose("its heartbeat could not be stored for too long");
            }
        }
    }

    private void lose(String reason) {
        lost = true;
        if (!closed()) {
            LOG.error("job {} has lost its lease of epoch {}: {}", lease.jobId(), lease.epoch(), reason);
            onLost.run();
        }
    }

    private void run(Runnable chore) {
        try {
            chore.run();
        } catch (RuntimeException e) {
            LOG.warn("a heartbeat chore of job {} failed", lease.jobId(), e);
        }
    }

    private void pause(long nanos) {
        try {
            boolean ending = closing.await(Math.max(1_000_000, nanos), TimeUnit.NANOSECONDS);
            LOG.trace("heartbeat of job {} {}", lease.jobId(), ending ? "ends" : "is due");
        } catch (InterruptedException e) {
            closing.countDown();
            Thread.currentThread().interrupt();
        }
    }

    private boolean closed() {
        return closing.getCount() == 0;
    }

    /**
     * Ends the thread and waits for it, so that no chore runs afterwards. It is not interrupted: H2 closes its file under
     * everybody when that hits a thread that reads or writes it.
     */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
