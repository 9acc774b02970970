package io.migratekit.job.replication;

import io.migratekit.job.joblog.JobEvent.Level;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.target.CopyProgress;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** Enters into the joblog what a person should know while bytes are copied or compared. Confined to one thread. */
public final class CopyEvents implements CopyProgress.Events {
    private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    private final JobLog jobLog;
    private final String jobId;
    private final UnaryOperator<String> named;
    private final String what;
    private long retriesDueNanos = System.nanoTime();
    private int retriesUnsaid;

    /**
     * Makes the ears of one copier or comparer.
     *
     * @param named puts names that people know in place of addresses of this process's own
     * @param what the range or disk, as each event begins
     */
    public CopyEvents(JobLog jobLog, String jobId, UnaryOperator<String> named, String what) {
        this.jobLog = jobLog;
        this.jobId = jobId;
        this.named = named;
        this.what = what;
    }

    @Override
    public void reconnecting(String side, String reason, int attempt) {
        if (Integer.bitCount(attempt) == 1) { // 1, 2, 4, 8: a long absence does not fill the joblog
            jobLog.event(
                    jobId,
                    Level.WARN,
                    "reconnect",
                    "%s: the %s is lost, attempt %d: %s".formatted(what, side, attempt, named.apply(reason)));
        }
    }

    @Override
    public void reconnected(String side, int attempts) {
        jobLog.event(
                jobId,
                Level.INFO,
                "reconnected",
                "%s: the %s is back after %d attempts".formatted(what, side, attempts));
    }

    /** A bad disk fails requests by the thousand; one event in a while says so as well. */
    @Override
    public void retrying(String reason, int attempt) {
        if (System.nanoTime() - retriesDueNanos < 0) {
            retriesUnsaid++;
            return;
        }
        retriesDueNanos = System.nanoTime() + RETRY_NANOS;
        String others = retriesUnsaid == 0 ? "" : "; %d more like it before".formatted(retriesUnsaid);
        retriesUnsaid = 0;
        jobLog.event(
                jobId,
                Level.WARN,
                "retry",
                "%s: a request is tried again, attempt %d: %s%s".formatted(what, attempt, named.apply(reason), others));
    }
}
