package io.migratekit.job.joblog;

import io.migratekit.config.ProcessIdentity;
import io.migratekit.job.joblog.JobEvent.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Writes down who asked a job to stop, and how far it was when it did. A database that is away does not keep a job from
 * stopping: then only the log of this process has it.
 */
public final class StopLog {
    private static final Logger LOG = LoggerFactory.getLogger(StopLog.class);

    private final JobLog jobLog;
    private final ProcessIdentity self;

    /**
     * Makes one.
     *
     * @param self the process that asks
     */
    public StopLog(JobLog jobLog, ProcessIdentity self) {
        this.jobLog = jobLog;
        this.self = self;
    }

    /**
     * Takes note that this process wants a job to stop.
     *
     * @param why as in "its process is ending"
     */
    public void asked(String jobId, String why) {
        write(
                jobId,
                "stop.requested",
                "%s (user %s, process %d on %s); it stops at its next commit"
                        .formatted(why, System.getProperty("user.name"), self.pid(), self.host()));
    }

    /**
     * Takes note that a job has stopped.
     *
     * @param next what goes on with it
     */
    public void stopped(String jobId, long doneBytes, long totalBytes, String next) {
        write(jobId, "stopped", "%d of %d bytes are done; %s".formatted(doneBytes, totalBytes, next));
    }

    private void write(String jobId, String code, String text) {
        try {
            jobLog.event(jobId, Level.INFO, code, text);
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("job {}: {}, {}; the joblog could not be told", jobId, code, text, e);
        }
    }
}
