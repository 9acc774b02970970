package io.migratekit.volume.operation;

import io.migratekit.volume.SnapshotSet.State;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.ledger.SnapshotLedger;

/**
 * A step that writes down how a set is, so that nobody takes a half-done one for a whole one.
 *
 * @param ledger where
 * @param set which
 * @param state how it is from now on
 * @param otherwise how it is if the operation fails with nothing done
 */
record SetState(SnapshotLedger ledger, SnapshotSetId set, State state, State otherwise) implements Step {
    @Override
    public String name() {
        return "mark snapshot set %s as %s".formatted(set, state);
    }

    @Override
    public void run(StepMemory memory) {}

    @Override
    public void record(StepMemory memory) {
        ledger.state(set, state);
    }

    @Override
    public void recordUndo(StepMemory memory) {
        ledger.state(set, otherwise);
    }
}
