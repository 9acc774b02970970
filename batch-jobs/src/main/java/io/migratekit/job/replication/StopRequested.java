package io.migratekit.job.replication;

import java.io.IOException;

/** Somebody asked the job to stop, and it is at a point where it can. */
final class StopRequested extends IOException {
    StopRequested() {
        super("stopped on request");
    }
}
