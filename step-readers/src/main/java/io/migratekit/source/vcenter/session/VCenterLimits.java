package io.migratekit.source.vcenter.session;

import java.time.Duration;
import java.util.List;

/**
 * How long a vCenter is waited for.
 *
 * @param connectTimeout until a connection is there
 * @param answerTimeout from the beginning of a call to the end of its answer
 * @param outageMax how long a vCenter that was there may be away, as while it restarts, before a call fails; 0 to fail
 *     at once
 * @param firstPause before the first repetition; each next one is twice as long, up to 30 s
 * @param keepAlive how often an idle session is used, so that it does not end (after 30 minutes, as vCenter is set up)
 * @param taskTimeout how long a task of vCenter may run: consolidating big disks takes hours
 */
public record VCenterLimits(
        Duration connectTimeout,
        Duration answerTimeout,
        Duration outageMax,
        Duration firstPause,
        Duration keepAlive,
        Duration taskTimeout) {

    public VCenterLimits {
        for (Duration limit : List.of(connectTimeout, answerTimeout, firstPause, keepAlive, taskTimeout)) {
            if (limit.isNegative() || limit.isZero()) {
                throw new IllegalArgumentException("a limit of %s for vCenter; more than 0 is needed".formatted(limit));
            }
        }
        if (outageMax.isNegative()) {
            throw new IllegalArgumentException("an outage of %s; 0 or more is needed".formatted(outageMax));
        }
    }

    /** 10 s to connect, 3 min to answer, 10 min away, first pause 1 s, used every 10 min, tasks of up to 6 h. */
    public static VCenterLimits defaults() {
        return new VCenterLimits(
                Duration.ofSeconds(10),
                Duration.ofMinutes(3),
                Duration.ofMinutes(10),
                Duration.ofSeconds(1),
                Duration.ofMinutes(10),
                Duration.ofHours(6));
    }

    /** Returns the same without patience for outages, for commands that a person waits for. */
    public VCenterLimits impatient() {
        return new VCenterLimits(connectTimeout, answerTimeout, Duration.ZERO, firstPause, keepAlive, taskTimeout);
    }
}
