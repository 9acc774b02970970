package io.migratekit.volume.http;

import io.migratekit.volume.DaemonHealth;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the last look at the daemon's health showed. Anybody may ask, and a look reaches out to back ends that may not
 * answer for long: one thread looks at a time, not more often than every two seconds, and the others are told at once what
 * was seen before. Safe for many threads.
 */
final class RecentHealth {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final DaemonHealth NOT_YET = DaemonHealth.of(
            List.of(new DaemonHealth.Check("first look", false, "the first look is under way; ask again soon", 0)));

    private final Supplier<DaemonHealth> look;
    private final Duration firstLookMax;
    private final LongSupplier nanoTime;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile @Nullable Seen last;

    /**
     * Makes one.
     *
     * @param look shows how the daemon is
     * @param firstLookMax how long to wait for somebody else's look while nothing was seen yet
     * @param nanoTime as {@link System#nanoTime}
     */
    RecentHealth(Supplier<DaemonHealth> look, Duration firstLookMax, LongSupplier nanoTime) {
        this.look = look;
        this.firstLookMax = firstLookMax;
        this.nanoTime = nanoTime;
    }

    private record Seen(DaemonHealth health, long nanos) {}

    DaemonHealth get() {
        Seen before = last;
        if (before != null && fresh(before)) {
            return before.health();
        }
        boolean mine = before == null ? awaited() : looking.tryLock();
        if (!mine) {
            return before == null ? NOT_YET : before.health();
        }
        try {
            Seen meanwhile = last;
            return meanwhile != null && fresh(meanwhile) ? meanwhile.health() : lookNow();
        } finally {
            looking.unlock();
        }
    }

    private DaemonHealth lookNow() {
        DaemonHealth now = look.get();
        last = new Seen(now, nanoTime.getAsLong());
        return now;
    }

    private boolean fresh(Seen seen) {
        return nanoTime.getAsLong() - seen.nanos() <= FRESH_NANOS;
    }

    private boolean awaited() {
        try {
            return looking.tryLock(firstLookMax.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
