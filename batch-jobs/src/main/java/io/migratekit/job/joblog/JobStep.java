package io.migratekit.job.joblog;

import java.time.Instant;
import java.util.Optional;

/**
 * A step that a job took.
 *
 * @param number from 1, in the order of time, also over restarts
 * @param name prepare, plan, copy and so on
 * @param status running, completed, stopped or failed
 * @param startedAt when it began
 * @param completedAt when it ended, if it has
 * @param error why it failed
 */
public record JobStep(
        int number,
        String name,
        String status,
        Instant startedAt,
        Optional<Instant> completedAt,
        Optional<String> error) {}
