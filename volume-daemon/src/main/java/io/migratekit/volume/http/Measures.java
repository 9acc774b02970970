package io.migratekit.volume.http;

import io.migratekit.volume.OperationStatus;
import java.util.List;
import java.util.Set;

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

    /** Returns the types of operations that have ended in this process. */
    Set<String> operationTypes();

    /** Returns how many operations of a type have ended in this process, well or not. */
    long operationsEnded(String type);

    /** Returns how long these took together, from their acceptance to their end, in seconds. */
    double operationSeconds(String type);

    /** Returns the names of the back ends. */
    List<String> backends();

    /** Returns what can still be written at a back end, in bytes; {@code NaN} if it does not tell. */
    double freeBytes(String backend);

    /** Returns the sizes of all volumes of a back end together, in bytes: what guests may write at most. */
    long volumeBytes(String backend);

    /** Returns how long ago the daemon stored that it lives, in seconds. */
    double heartbeatAgeSeconds();
}
