package io.migratekit.target;

/** Asks a copy to give up waiting for a lost peer; a copy that makes progress goes on to its next commit. */
@FunctionalInterface
public interface StopSignal {
    /** Tells whether somebody wants this process or job to end. */
    boolean stopping();

    /**
     * Tells whether somebody else may have the target by now: then not one more request goes there, whatever has been
     * promised. Asked before each turn, so it must be cheap.
     */
    default boolean fenced() {
        return false;
    }
}
