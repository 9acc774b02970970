package io.migratekit.job.joblog;

import io.migratekit.sql.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes and reads the joblog. A log entry that cannot be written never ends a job: it goes to the log file instead. */
public final class JobLog {
    private static final Logger LOG = LoggerFactory.getLogger(JobLog.class);

    private final JdbcClient sql;
    private final Clock clock;

    public JobLog(JdbcClient sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Enters a job, or enters it again as running at a restart. */
    public void begin(String jobId, String jobType, String operation, String contextId, String owner) {
        quietly(() -> enter(jobId, jobType, operation, contextId, owner));
    }

    private void enter(String jobId, String jobType, String operation, String contextId, String owner) {
        String now = SqlTime.text(clock.instant());
        int known = sql.sql("UPDATE job_tracking SET status = 'running', owner = ?, error_message = NULL,"
                        + " completed_at = NULL, updated_at = ? WHERE id = ?")
                .params(owner, now, jobId)
                .update();
        if (known == 0) {
            sql.sql("INSERT INTO job_tracking (id, job_type, operation, status, context_id, owner, started_at,"
                            + " created_at, updated_at) VALUES (?, ?, ?, 'running', ?, ?, ?, ?, ?)")
                    .params(jobId, jobType, operation, contextId, owner, now, now, now)
                    .update();
        }
    }

    /** Ends a job in the words of the joblog: completed, failed or cancelled. */
    public void end(String jobId, String status, Optional<String> error) {
        String now = SqlTime.text(clock.instant());
        quietly(() -> {
            sql.sql(
                            "UPDATE job_tracking SET status = ?, error_message = ?, completed_at = ?, updated_at = ? WHERE id = ?")
                    .param(status)
                    .param(error.orElse(null))
                    .params(now, now, jobId)
                    .update();
            // A killed process leaves its step running.
            sql.sql("UPDATE job_steps SET status = ?, completed_at = ? WHERE job_id = ? AND status = 'running'")
                    .params(status.equals("completed") ? "completed" : "stopped", now, jobId)
                    .update();
        });
    }

    /** Enters a step as running and returns its number; 0, which no step has, if it could not be stored. */
    public int beginStep(String jobId, String name) {
        int[] number = new int[1];
        quietly(() -> {
            int next = sql.sql("SELECT COALESCE(MAX(seq), 0) + 1 FROM job_steps WHERE job_id = ?")
                    .param(jobId)
                    .query(Integer.class)
                    .single();
            sql.sql("INSERT INTO job_steps (job_id, seq, name, status, started_at) VALUES (?, ?, ?, 'running', ?)")
                    .params(jobId, next, name, SqlTime.text(clock.instant()))
                    .update();
            number[0] = next;
        });
        return number[0];
    }

    /** Ends a step: completed, failed or stopped. */
    public void endStep(String jobId, int number, String status, Optional<String> error) {
        quietly(() -> sql.sql(
                        "UPDATE job_steps SET status = ?, completed_at = ?, error_message = ? WHERE job_id = ? AND seq = ?")
                .params(status, SqlTime.text(clock.instant()))
                .param(error.orElse(null))
                .params(jobId, number)
                .update());
    }

    /** Enters an event. */
    public void event(String jobId, JobEvent.Level level, String code, String message) {
        switch (level) {
            case INFO -> LOG.info("{} {}: {}", jobId, code, message);
            case WARN -> LOG.warn("{} {}: {}", jobId, code, message);
            case ERROR -> LOG.error("{} {}: {}", jobId, code, message);
        }
        quietly(() -> sql.sql("INSERT INTO log_events (job_id, level, code, message, ts) VALUES (?, ?, ?, ?, ?)")
                .params(jobId, level.name(), code, message, SqlTime.text(clock.instant()))
                .update());
    }

    /** Returns a job's events after {@code afterId} (0: all), oldest first. */
    public List<JobEvent> events(String jobId, long afterId) {
        return sql.sql("SELECT * FROM log_events WHERE job_id = ? AND id > ? ORDER BY id")
                .params(jobId, afterId)
                .query(JobLog::event)
                .list();
    }

    /** Returns a job's steps in order. */
    public List<JobStep> steps(String jobId) {
        return sql.sql("SELECT * FROM job_steps WHERE job_id = ? ORDER BY seq")
                .param(jobId)
                .query(JobLog::step)
                .list();
    }

    private static JobEvent event(ResultSet row, int number) throws SQLException {
        return new JobEvent(
                row.getLong("id"),
                row.getString("job_id"),
                JobEvent.Level.valueOf(row.getString("level")),
                row.getString("code"),
                row.getString("message"),
                SqlTime.instant(row, "ts"));
    }

    private static JobStep step(ResultSet row, int number) throws SQLException {
        return new JobStep(
                row.getInt("seq"),
                row.getString("name"),
                row.getString("status"),
                SqlTime.instant(row, "started_at"),
                SqlTime.optionalInstant(row, "completed_at"),
                Optional.ofNullable(row.getString("error_message")));
    }

    private static void quietly(Runnable write) {
        try {
            write.run();
        } catch (DataAccessException e) {
            LOG.warn("a joblog entry could not be stored", e);
        }
    }
}
