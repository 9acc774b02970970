package io.migratekit.job.retention;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Keeps the database from growing for ever. Each call does a bounded amount of work in transactions of their own, so it
 * may be killed, run in several processes at once, and go on with the next call; what it finds is decided by the ledger
 * alone.
 */
public final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    /** Of each kind per call: a backlog of years is worked off over some jobs, without holding up any. */
    private static final int BATCHES_MAX = 20;

    private final WorkingData workingData;
    private final Records records;
    private final VolumeRecords volumes;
    private final AtomicBoolean busy = new AtomicBoolean();

    Retention(WorkingData workingData, Records records, VolumeRecords volumes) {
        this.workingData = workingData;
        this.records = records;
        this.volumes = volumes;
    }

    /** Deletes what is of no more use. That it fails is no reason to call any job failed: the next call tries again. */
    public void tidy() {
        if (!busy.compareAndSet(false, true)) {
            return; // another thread does the same
        }
        try {
            repeat(workingData::deleteMaps);
            repeat(workingData::deleteRanges);
            repeat(workingData::deleteExecutions);
            repeat(records::deleteReplications);
            repeat(records::deleteVerifications);
            repeat(records::deleteJoblog);
            repeat(records::deleteEvents);
            repeat(records::deleteRestorePoints);
            repeat(records::deleteHistory);
            repeat(volumes::deleteExports);
            repeat(volumes::deleteOperations);
        } catch (DataAccessException e) {
            LOG.warn("old jobs could not be deleted from the database; the end of the next job tries again", e);
        } finally {
            busy.set(false);
        }
    }

    /** One small transaction. */
    private interface Batch {
        /** Returns whether there may be more. */
        boolean delete();
    }

    private static void repeat(Batch batch) {
        for (int count = 0; count < BATCHES_MAX && batch.delete(); count++) {
            // the work is in the condition
        }
    }
}
