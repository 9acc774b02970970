package io.migratekit.volume.operation;

import io.migratekit.volume.backend.StepMemory;

/**
 * One step of an operation. {@link #run} and {@link #undo} work outside of the database and may be called again after a
 * crash at any point; {@link #record}, {@link #recordUndo} and {@link #recordLeft} are called in the transaction that
 * completes, undoes or gives up the step.
 */
interface Step {

    /** Returns what it does, for people. */
    String name();

    /** Does it, or completes what an earlier call began. */
    void run(StepMemory memory);

    /** Writes into the ledger what {@link #run} did. */
    default void record(StepMemory memory) {}

    /** Takes back what {@link #run} did or began; nothing happens if it did nothing. */
    default void undo(StepMemory memory) {}

    /** Writes into the ledger that {@link #undo} is done. */
    default void recordUndo(StepMemory memory) {}

    /** Writes into the ledger that it is left as it is: nobody knows how much of it has happened. May be called again. */
    default void recordLeft(StepMemory memory) {}

    /** Returns whether it can be taken back. If not, a failure behind it leaves it as it is, and the error says so. */
    default boolean undoable() {
        return true;
    }
}
