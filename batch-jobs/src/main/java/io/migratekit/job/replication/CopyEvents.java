package io.migratekit.job.replication;

import io.migratekit.job.joblog.JobEvent.Level;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.target.CopyProgress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Enters into the joblog what a person should know while bytes are copied or compared: of each kind one event in a while,
 * with how many there were since, so that a bad disk or a link that drops all the time does not fill it. Confined to one
 * thread.
 */
public final class CopyEvents implements CopyProgress.Events {
    private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

    private final JobLog jobLog;
    private final String jobId;
    private final UnaryOperator<String> named;
    private final String what;
    private final LongSupplier nanoTime;
    private final Map<String, Told> told = new HashMap<>();

    /** When a kind of event was told last, and how many were not told since. */
    private record Told(long nanos, int unsaid) {}

    /**
     * Makes the ears of one copier or comparer.
     *
     * @param named puts names that people know in place of addresses of this process's own
     * @param what the range or disk, as each event begins
     */
    public CopyEvents(JobLog jobLog, String jobId, UnaryOperator<String> named, String what) {
        this(jobLog, jobId, named, what, System::nanoTime);
    }

    CopyEvents(JobLog jobLog, String jobId, UnaryOperator<String> named, String what, LongSupplier nanoTime) {
        this.jobLog = jobLog;
        this.jobId = jobId;
        this.named = named;
        this.what = what;
        this.nanoTime = nanoTime;
    }

    @Override
    public void reconnecting(String side, String reason, int attempt) {
        if (Integer.bitCount(attempt) == 1) { // of one absence the attempts 1, 2, 4, 8
            tell(
                    Level.WARN,
                    "reconnect",
                    "%s: the %s is lost, attempt %d: %s".formatted(what, side, attempt, named.apply(reason)));
        }
    }

    @Override
    public void reconnected(String side, int attempts) {
        tell(Level.INFO, "reconnected", "%s: the %s is back after %d attempts".formatted(what, side, attempts));
    }

    @Override
    public void retrying(String reason, int attempt) {
        tell(
                Level.WARN,
                "retry",
                "%s: a request is tried again, attempt %d: %s".formatted(what, attempt, named.apply(reason)));
    }

    private void tell(Level level, String code, String text) {
        long now = nanoTime.getAsLong();
        Told last = told.get(code);
        if (last != null && now - last.nanos() < PAUSE_NANOS) {
            told.put(code, new Told(last.nanos(), last.unsaid() + 1));
            return;
        }
        String others = last == null || last.unsaid() == 0 ? "" : "; %d more like it before".formatted(last.unsaid());
        told.put(code, new Told(now, 0));
        jobLog.event(jobId, level, code, text + others);
    }
}
