package io.migratekit.job.replication;

import java.io.IOException;

/** What a copy was going on with is no longer on its target: no cursor of it may count any more. */
final class TargetReplaced extends IOException {
    TargetReplaced(String message) {
        super(message);
    }
}
