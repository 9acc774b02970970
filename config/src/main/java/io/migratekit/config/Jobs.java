package io.migratekit.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long jobs are remembered ({@code migratekit.jobs}). What a restart needs is kept whatever its age.
 *
 * @param keep how long a finished job stays with its steps, and how long any event stays, 1 to 3,650 days
 * @param keepHistory how long restore points and the history of change tracking stay, {@code keep} to 36,500 days; the
 *     newest of each VM stays for ever
 */
public record Jobs(
        @DefaultValue("90d") Duration keep,
        @DefaultValue("1095d") Duration keepHistory) {

    public Jobs {
        Range.of("migratekit.jobs.keep").between(keep, Duration.ofDays(1), Duration.ofDays(3650));
        Range.of("migratekit.jobs.keep-history").between(keepHistory, keep, Duration.ofDays(36500));
    }
}
