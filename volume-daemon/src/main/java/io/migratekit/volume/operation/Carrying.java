package io.migratekit.volume.operation;

import io.migratekit.volume.OperationId;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries operations out until their ends are written, however long the database is away, and measures how long that
 * takes. Safe for many threads.
 */
final class Carrying {
    private static final Logger LOG = LoggerFactory.getLogger(Carrying.class);
    private static final long DATABASE_PAUSE_MILLIS = 1000;

    private final Patience patience;
    private final Map<String, OperationTimes> times = new TreeMap<>(); // guarded by this

    Carrying(Patience patience) {
        this.patience = patience;
    }

    /**
     * Works on an operation until it has ended, or the daemon ends.
     *
     * @param type of the operation, as its request has it
     * @param acceptedNanos when it was accepted here, on the clock of {@link System#nanoTime}
     */
    void carryOut(OperationId id, String type, long acceptedNanos, OperationRun run) {
        while (true) {
            try {
                run.run();
                took(type, System.nanoTime() - acceptedNanos);
                return;
            } catch (Patience.Ending e) {
                return;
            } catch (RuntimeException e) {
                if (!DatabaseTrouble.passes(e)) {
                    // Only its end could not be written: the lease is lost, or the journal refuses.
                    LOG.error("operation {} cannot go on; it is taken up when a daemon starts again", id, e);
                    return;
                }
                LOG.error("operation {} waits for the database", id, e);
                if (!waitForDatabase()) {
                    return;
                }
            }
        }
    }

    /** Returns how long operations of each type took that have ended here. */
    synchronized Map<String, OperationTimes> times() {
        return Map.copyOf(times);
    }

    private synchronized void took(String type, long nanos) {
        times.merge(type, new OperationTimes(1, nanos), OperationTimes::plus);
    }

    private boolean waitForDatabase() {
        try {
            patience.pause(DATABASE_PAUSE_MILLIS);
            return true;
        } catch (Patience.Ending e) {
            return false;
        }
    }
}
