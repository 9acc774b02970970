package io.migratekit.volume;

/** How an operation is. Whatever is pending or executing when the daemon dies is taken up when it starts again. */
public enum OperationStatus {
    /** Accepted; waits for operations before it on the same volume. */
    PENDING,
    /** At work, or being undone after a failure. */
    EXECUTING,
    /** All of it has happened. */
    COMPLETED,
    /** None of it has happened, or {@link Operation#error} says what is left. */
    FAILED;

    /** Returns whether it ends here. */
    public boolean ended() {
        return this == COMPLETED || this == FAILED;
    }
}
