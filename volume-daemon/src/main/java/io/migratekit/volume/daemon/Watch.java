package io.migratekit.volume.daemon;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what has to be done every few seconds, one after the other, on a thread of its own. */
final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private final Duration interval;
    private final List<Runnable> chores;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "volume-daemon-watch");

    private Watch(Duration interval, List<Runnable> chores) {
        this.interval = interval;
        this.chores = List.copyOf(chores);
    }

    /** Starts the thread; a chore that fails is logged and done again next time. */
    static Watch start(Duration interval, List<Runnable> chores) {
        Watch watch = new Watch(interval, chores);
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try {
            while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                chores.forEach(this::run);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Runnable chore) {
        try {
            if (closing.getCount() > 0) {
                chore.run();
            }
        } catch (RuntimeException e) {
            LOG.warn("the volume daemon could not look after its exports; it looks again", e);
        }
    }

    /** Waits for what is being done; nobody is interrupted, since H2 closes its file when that hits who reads it. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(30_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
