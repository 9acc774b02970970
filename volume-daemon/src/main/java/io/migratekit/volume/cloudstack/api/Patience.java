package io.migratekit.volume.cloudstack.api;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Pauses between looks at something that takes its time, until that has lasted too long. For one thread. */
public final class Patience {
    private final long endNanos;
    private final long pauseNanosMax;
    private long pauseNanos;

    private Patience(long endNanos, long pauseNanos, long pauseNanosMax) {
        this.endNanos = endNanos;
        this.pauseNanos = pauseNanos;
        this.pauseNanosMax = pauseNanosMax;
    }

    /**
     * Begins now.
     *
     * @param timeout how long all looks together may take
     * @param firstPause each further one is half as long again
     * @param growthMax up to so many times the first, at least 1
     */
    public static Patience of(Duration timeout, Duration firstPause, int growthMax) {
        long pauseNanos = Math.max(1, firstPause.toNanos());
        return new Patience(System.nanoTime() + timeout.toNanos(), pauseNanos, pauseNanos * growthMax);
    }

    /**
     * Waits for the next look.
     *
     * @return false at once if the time is over
     * @throws VolumeException of kind UNAVAILABLE if the thread is interrupted, as when the daemon ends
     */
    public boolean pause() {
        long leftNanos = endNanos - System.nanoTime();
        if (leftNanos <= 0) {
            return false;
        }
        sleep(Math.min(pauseNanos, leftNanos));
        pauseNanos = Math.min(pauseNanosMax, pauseNanos + pauseNanos / 2 + 1);
        return true;
    }

    private static void sleep(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VolumeException(
                    Kind.UNAVAILABLE, "waiting for the cloud was interrupted; it goes on when this is repeated", e);
        }
    }
}
