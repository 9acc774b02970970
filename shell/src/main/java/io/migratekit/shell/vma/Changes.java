package io.migratekit.shell.vma;

import io.migratekit.job.JobIds;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.source.SourceException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is changed in vCenters, each in the joblog as a job of its own. Its end waits for what is under way: half of a
 * change leaves a snapshot behind. For any thread.
 */
final class Changes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);
    private static final int OPERATION_CHARACTERS_MAX = 500; // the column's width

    private final JobLog jobLog;
    private final JobIds ids;
    private final Duration patience;
    private int underWay; // guarded by this
    private boolean ending; // guarded by this

    /**
     * Makes one.
     *
     * @param patience how long the end waits for what is under way
     */
    Changes(JobLog jobLog, JobIds ids, Duration patience) {
        this.jobLog = jobLog;
        this.ids = ids;
        this.patience = patience;
    }

    /** A change. */
    @FunctionalInterface
    interface Change<T> {
        T make() throws IOException;
    }

    /**
     * Makes a change.
     *
     * @param contextId of the VM, if it was added; else empty
     * @throws SourceException.Unavailable if the program ends
     */
    <T> T make(String operation, String contextId, Change<T> change) throws IOException {
        begin(operation);
        try {
            String id = ids.next();
            String shown = operation.substring(0, Math.min(operation.length(), OPERATION_CHARACTERS_MAX));
            jobLog.begin(id, "vma", shown, contextId, "");
            LOG.info("{}: {}", id, operation);
            return ended(id, change);
        } finally {
            end();
        }
    }

    private <T> T ended(String id, Change<T> change) throws IOException {
        try {
            T done = change.make();
            jobLog.end(id, "completed", Optional.empty());
            return done;
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} failed: {}", id, e.getMessage());
            jobLog.end(id, "failed", Optional.of(String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private synchronized void begin(String operation) throws SourceException {
        if (ending) {
            throw new SourceException.Unavailable(
                    "the VMA API ends, so nothing begins any more (%s); ask again when it is back"
                            .formatted(operation));
        }
        underWay++;
    }

    private synchronized void end() {
        underWay--;
        notifyAll();
    }

    /** Lets nothing begin any more, and waits for what is under way. */
    @Override
    public synchronized void close() {
        ending = true;
        long endNanos = System.nanoTime() + patience.toNanos();
        try {
            while (underWay > 0) {
                long leftMillis = (endNanos - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    LOG.warn("{} changes in vCenters are cut by the end; ask for them again", underWay);
                    return;
                }
                wait(leftMillis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
