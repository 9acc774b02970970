package io.migratekit.config;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a machine is kept for one process ({@code migratekit.lease}).
 *
 * @param heartbeat how often a running job says that it lives, stores its progress and looks for a stop request, 200 ms
 *     to 1 min
 * @param timeout silence after which another process may take over, at least five heartbeats, up to 1 h; a dead process
 *     of the same host is noticed at once
 */
public record Lease(
        @DefaultValue("1s") Duration heartbeat,
        @DefaultValue("30s") Duration timeout) {

    public Lease {
        Range.of("migratekit.lease.heartbeat").between(heartbeat, Duration.ofMillis(200), Duration.ofMinutes(1));
        Range.of("migratekit.lease.timeout").between(timeout, heartbeat.multipliedBy(5), Duration.ofHours(1));
    }
}
