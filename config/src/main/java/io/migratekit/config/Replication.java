package io.migratekit.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How replications behave ({@code migratekit.replication}).
 *
 * @param fallback what to do when changes cannot be told although an earlier restore point exists
 * @param stopTimeout how long a stop waits for running copies to reach a commit, 1 s to 1 h
 */
public record Replication(
        @DefaultValue("auto") Fallback fallback,
        @DefaultValue("60s") Duration stopTimeout) {

    /** What happens when an incremental replication is not possible. */
    public enum Fallback {
        /** Copy in full, with a visible event that says why. */
        AUTO,
        /** Stop and ask: the job ends with the decision that is needed. */
        ASK,
        /** Fail. */
        FAIL
    }

    public Replication {
        Range.of("migratekit.replication.stop-timeout")
                .between(stopTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
    }
}
