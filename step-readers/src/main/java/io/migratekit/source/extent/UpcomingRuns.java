package io.migratekit.source.extent;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Tells which runs the reader will return next, so that a copier can start on them before the run in hand is
 * committed. To be called on the thread that reads.
 */
public interface UpcomingRuns {

    /**
     * Returns a run that has not been read yet, or null if the range ends before it. The same run comes back, unchanged,
     * from the reader later.
     *
     * @param index 0 for the run that the reader returns next, 1 for the one after it; each run up to it is held in
     *     memory
     */
    @Nullable
    ExtentRun peek(int index) throws IOException;
}
