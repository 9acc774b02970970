package io.migratekit.source.nbdexport;

import java.time.Duration;

/**
 * How long to try to come back to a server that went away.
 *
 * @param firstPause pause before the first try; doubled for each further one, up to 5 s
 * @param timeout how long to go on trying; starts anew with each answer
 */
record Reconnect(Duration firstPause, Duration timeout) {
    private static final long PAUSE_MILLIS_MAX = 5_000;

    static Reconnect defaults() {
        return new Reconnect(Duration.ofMillis(100), Duration.ofSeconds(60));
    }

    long pauseMillis(int attempt) {
        return Math.min(PAUSE_MILLIS_MAX, firstPause.toMillis() << Math.min(attempt, 16));
    }
}
