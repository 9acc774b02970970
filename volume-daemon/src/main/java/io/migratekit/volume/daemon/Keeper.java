package io.migratekit.volume.daemon;

import io.migratekit.volume.ledger.DaemonLease;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the daemon's lease from a thread of its own. A lease that was taken over, or that could not be renewed for two
 * thirds of its time, counts as lost: the daemon must stop before another one may begin.
 */
final class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private final DaemonLease lease;
    private final long epoch;
    private final Duration interval;
    private final long patienceNanos;
    private final Runnable onLost;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::beat, "volume-daemon-heartbeat");
    private volatile long renewedNanos = System.nanoTime();

    private Keeper(DaemonLease lease, long epoch, Duration interval, Duration timeout, Runnable onLost) {
        this.lease = lease;
        this.epoch = epoch;
        this.interval = interval;
        this.patienceNanos = timeout.toNanos() / 3 * 2;
        this.onLost = onLost;
    }

    /**
     * Starts the thread.
     *
     * @param onLost called once, on the thread
     */
    static Keeper start(DaemonLease lease, long epoch, Duration interval, Duration timeout, Runnable onLost) {
        Keeper keeper = new Keeper(lease, epoch, interval, timeout, onLost);
        keeper.thread.setDaemon(true);
        keeper.thread.start();
        return keeper;
    }

    /** Returns how long ago the lease was renewed. */
    double ageSeconds() {
        return (System.nanoTime() - renewedNanos) / 1e9;
    }

    private void beat() {
        try {
            while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                if (!renew() && closing.getCount() > 0) {
                    onLost.run();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean renew() {
        long beganNanos = System.nanoTime();
        try {
            if (!lease.renew(epoch)) {
                LOG.error("the volume daemon's lease of epoch {} was taken over; it ends", epoch);
                return false;
            }
            renewedNanos = beganNanos;
            return true;
        } catch (RuntimeException e) {
            LOG.warn("the volume daemon's heartbeat could not be stored", e);
            boolean patient = System.nanoTime() - renewedNanos < patienceNanos;
            if (!patient) {
                LOG.error("the volume daemon's heartbeat could not be stored for too long; it ends");
            }
            return patient;
        }
    }

    /** Waits for the thread; it is not interrupted, since H2 closes its file when that hits somebody who reads it. */
    @Override
    public void close() {
        closing.countDown();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
