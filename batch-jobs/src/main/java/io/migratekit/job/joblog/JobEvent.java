package io.migratekit.job.joblog;

import java.time.Instant;

/**
 * Something that happened to a job.
 *
 * @param id grows with time
 * @param jobId whose
 * @param level how much it matters
 * @param code what kind, stable, for scripts: {@code fallback}, {@code reconnect}, {@code snapshot.lost} and so on
 * @param message for people
 * @param at when
 */
public record JobEvent(long id, String jobId, Level level, String code, String message, Instant at) {

    /** How much an event matters. */
    public enum Level {
        INFO,
        WARN,
        ERROR
    }
}
