package io.migratekit.job.replication;

import io.migratekit.volume.VolumeException;
import io.migratekit.volume.Volumes;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the volume daemon something every few seconds while jobs of this process use exports of volumes. Copying asks it
 * nothing, so nobody would notice that it is dead, and its exports would stay away: to ask is to start it where it is
 * missing. A daemon that cannot be had is asked for again; whether its exports come back in time is up to the copy.
 */
final class DaemonVigil {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonVigil.class);

    private final Supplier<Volumes> volumes;
    private final Duration interval;
    private int exports; // guarded by this
    private @Nullable ScheduledExecutorService thread; // guarded by this

    /**
     * Makes one that rests until {@link #begin}.
     *
     * @param interval between two questions; at least a millisecond
     */
    DaemonVigil(Supplier<Volumes> volumes, Duration interval) {
        this.volumes = volumes;
        this.interval = interval;
    }

    /** Takes note of an export that is used from now on, until {@link #end}. */
    synchronized void begin() {
        exports++;
        if (thread == null) {
            ScheduledExecutorService fresh = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread made = new Thread(task, "volume-daemon-vigil");
                made.setDaemon(true);
                return made;
            });
            ScheduledFuture<?> unused = fresh.scheduleWithFixedDelay(
                    this::ask, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
            thread = fresh;
        }
    }

    /** Ends with the last export. A question under way is not interrupted: H2 closes its file when that hits a reader. */
    synchronized void end() {
        exports = Math.max(0, exports - 1); // closing twice must not keep a later vigil from ending
        ScheduledExecutorService last = thread;
        if (exports == 0 && last != null) {
            last.shutdown();
            thread = null;
        }
    }

    private void ask() {
        try {
            volumes.get().exports();
        } catch (VolumeException e) {
            LOG.warn("the volume daemon cannot be asked while its exports are used; it is asked again", e);
        } catch (RuntimeException e) { // anything that escapes would end the vigil
            LOG.warn("the vigil over the volume daemon failed; it goes on", e);
        }
    }
}
