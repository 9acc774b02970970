package io.migratekit.volume.http;

import io.migratekit.volume.OperationStatus;

/** What can be measured of a daemon; each call measures anew, and throws where it cannot. */
public interface Measures {

    /** Returns how many volumes the ledger has. */
    long volumes();

    /** Returns how many exports are served. */
    long exports();

    /** Returns how many clients are connected to exports. */
    long clients();

    /** Returns how many operations the journal has in a state. */
    long operations(OperationStatus status);

    /** Returns how many operations of this process have not ended. */
    long underWay();

    /** Returns how long ago the daemon stored that it lives, in seconds. */
    double heartbeatAgeSeconds();
}
