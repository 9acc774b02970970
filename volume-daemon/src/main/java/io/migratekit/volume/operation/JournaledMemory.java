package io.migratekit.volume.operation;

import io.migratekit.volume.OperationId;
import io.migratekit.volume.backend.StepMemory;
import io.migratekit.volume.ledger.JournalWrites;
import io.migratekit.volume.ledger.StepJournal;
import java.util.Optional;

/** What a step remembers, in the journal. */
record JournaledMemory(JournalWrites writes, StepJournal steps, OperationId operation, int seq) implements StepMemory {
    @Override
    public Optional<String> get(String name) {
        return steps.remembered(operation, seq, name);
    }

    @Override
    public void put(String name, String value) {
        writes.run(() -> steps.remember(operation, seq, name, value));
    }
}
