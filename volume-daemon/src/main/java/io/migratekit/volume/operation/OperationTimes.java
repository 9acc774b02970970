package io.migratekit.volume.operation;

/**
 * How long operations of one type took in this process, from their acceptance, or the daemon's start, to their end.
 *
 * @param count how many have ended, well or not
 * @param nanos of all of them together
 */
public record OperationTimes(long count, long nanos) {

    OperationTimes plus(OperationTimes more) {
        return new OperationTimes(count + more.count, nanos + more.nanos);
    }
}
