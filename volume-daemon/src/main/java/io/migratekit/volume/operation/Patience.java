package io.migratekit.volume.operation;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats what fails because something does not answer, with growing pauses, until a time is over or the daemon ends.
 * The one place where operations are retried.
 */
final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    private final Duration silenceMax;
    private final Duration workMax;
    private final CountDownLatch ending;

    /**
     * Makes one.
     *
     * @param silenceMax how long one call is repeated while nobody answers
     * @param workMax how long one call is repeated while the back end answers that it is at work
     * @param ending reaches zero when the daemon ends
     */
    Patience(Duration silenceMax, Duration workMax, CountDownLatch ending) {
        this.silenceMax = silenceMax;
        this.workMax = workMax;
        this.ending = ending;
    }

    /** The daemon ends: what is under way is left as it is, and taken up when a daemon starts. */
    static final class Ending extends RuntimeException {
        private static final long serialVersionUID = 1;

        Ending() {
            super("the volume daemon ends; operations go on when it starts again", null, false, false);
        }
    }

    /**
     * Calls until it works.
     *
     * @throws VolumeException of the last call, if repeating does not help or the time is over
     * @throws Ending if the daemon ends meanwhile
     */
    void call(String what, Runnable work) {
        long beganNanos = System.nanoTime();
        long silentNanos = beganNanos; // since when nobody has answered
        long pauseMillis = FIRST_PAUSE_MILLIS;
        while (true) {
            try {
                work.run();
                return;
            } catch (VolumeException e) {
                if (e.kind() != Kind.UNAVAILABLE) {
                    throw e;
                }
                if (e.goesOn()) {
                    goOnWaiting(what, e, beganNanos);
                    pauseMillis = FIRST_PAUSE_MILLIS;
                    silentNanos = System.nanoTime();
                } else {
                    goOnTrying(what, e, silentNanos, pauseMillis);
                }
            }
            pause(pauseMillis);
            pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
        }
    }

    private void goOnWaiting(String what, VolumeException seen, long sinceNanos) {
        if (System.nanoTime() - sinceNanos > workMax.toNanos()) {
            throw new VolumeException(
                    Kind.UNAVAILABLE,
                    "%s. It is not waited for any longer (migratekit.volumes.job-timeout)".formatted(seen.getMessage()),
                    seen);
        }
        LOG.info("{} takes its time: {}", what, seen.getMessage());
    }

    private void goOnTrying(String what, VolumeException silence, long sinceNanos, long pauseMillis) {
        if (System.nanoTime() - sinceNanos > silenceMax.toNanos()) {
            throw silence;
        }
        LOG.warn("{} is tried again in {} ms: {}", what, pauseMillis, silence.getMessage());
    }

    /** Waits a little. */
    void pause(long millis) {
        try {
            if (ending.await(millis, TimeUnit.MILLISECONDS)) {
                throw new Ending();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Ending();
        }
    }
}
