package io.migratekit.job.replication;

import java.io.IOException;

/** What a copy was going on with cannot be gone on with: no cursor of it may count any more, and it begins anew. */
final class PlanLost extends IOException {
    private final String event;

    private PlanLost(String event, String message) {
        super(message);
        this.event = event;
    }

    private PlanLost(String event, String message, IOException cause) {
        super(message, cause);
        this.event = event;
    }

    /** Returns one whose target is gone or is another one. */
    static PlanLost target(String message) {
        return new PlanLost("target.replaced", message);
    }

    /** Returns one whose stored change map cannot be read. */
    static PlanLost map(String message, IOException cause) {
        return new PlanLost("map.lost", message, cause);
    }

    /** Returns the code of the event that tells of it. */
    String event() {
        return event;
    }
}
