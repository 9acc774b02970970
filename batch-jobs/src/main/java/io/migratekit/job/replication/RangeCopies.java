package io.migratekit.job.replication;

import io.migratekit.source.extent.ExtentRun;
import io.migratekit.source.extent.UpcomingRuns;
import io.migratekit.target.CopyProgress;
import io.migratekit.target.CopyTask;
import io.migratekit.target.StopSignal;
import java.io.IOException;

/** Makes copiers of ranges; the seam at which tests cut a copy. */
@FunctionalInterface
public interface RangeCopies {

    /** Connects to both sides. */
    RangeCopy open(CopyTask task, UpcomingRuns upcoming, CopyProgress progress, StopSignal stop) throws IOException;

    /** Copies one range. */
    interface RangeCopy extends AutoCloseable {

        /** Returns once all of {@code run} is flushed on the target. */
        void copy(ExtentRun run) throws IOException;

        /**
         * Begins nothing more and makes durable what has been begun behind the last run; returns up to where. The last call.
         */
        long finish() throws IOException;

        @Override
        void close();
    }
}
