package io.migratekit.volume.operation;

import io.migratekit.volume.Operation.Step.State;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.ledger.JournalWrites;
import io.migratekit.volume.ledger.StepJournal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out one operation from wherever the journal says that it is: forward to its end, or after a failure backward to
 * its beginning. May be cut off at any point and begun again.
 */
final class OperationRun {
    private static final Logger LOG = LoggerFactory.getLogger(OperationRun.class);

    private final Ledger ledger;
    private final JournalWrites writes;
    private final Patience patience;
    private final OperationId id;
    private final Procedure procedure;
    private final Consumer<Set<String>> widening;

    OperationRun(
            Ledger ledger,
            JournalWrites writes,
            Patience patience,
            OperationId id,
            Procedure procedure,
            Consumer<Set<String>> widening) {
        this.ledger = ledger;
        this.writes = writes;
        this.patience = patience;
        this.id = id;
        this.procedure = procedure;
        this.widening = widening;
    }

    void run() {
        Optional<String> error = ledger.operations().undoingSince(id);
        if (error.isPresent()) {
            undoAll(error.get());
            return;
        }
        try {
            forward();
        } catch (VolumeException e) {
            fail(e);
        } catch (RuntimeException e) {
            fail(unexpected(e));
        }
    }

    /** A defect, here or in a library: the operation ends all the same. What only has to be waited out is thrown on. */
    private VolumeException unexpected(RuntimeException defect) {
        if (defect instanceof Patience.Ending || DatabaseTrouble.passes(defect)) {
            throw defect;
        }
        LOG.error("operation {} failed in a way that nobody expected", id, defect);
        return new VolumeException(
                Kind.FAILED,
                "operation %s failed in a way that nobody expected (%s); the daemon's log has the details, please report them"
                        .formatted(id, defect),
                defect);
    }

    private void forward() {
        if (steps().state(id, 0).isEmpty()) {
            procedure.settle(widening);
            patience.call("operation " + id, procedure::check);
            writes.run(() -> {
                procedure.recordSettled();
                ledger.operations().executing(id);
            });
        }
        List<Step> steps = procedure.steps();
        for (int seq = 0; seq < steps.size(); seq++) {
            if (steps().state(id, seq).filter(state -> state == State.COMPLETED).isEmpty()) {
                advance(steps.get(seq), seq);
            }
        }
        writes.run(() -> ledger.operations().completed(id));
    }

    private void advance(Step step, int seq) {
        JournaledMemory memory = new JournaledMemory(writes, steps(), id, seq);
        writes.run(() -> steps().started(id, seq, step.name()));
        patience.call(step.name(), () -> step.run(memory));
        writes.run(() -> {
            step.record(memory);
            steps().state(id, seq, State.COMPLETED);
        });
    }

    private void fail(VolumeException failure) {
        if (steps().state(id, 0).isEmpty()) {
            writes.run(() -> {
                ledger.operations().undoing(id, failure);
                ledger.operations().failed(id, failure.getMessage());
            });
            return;
        }
        LOG.warn("operation {} failed and is undone: {}", id, failure.getMessage());
        boolean nothingChanged = failure.kind() != Kind.FAILED && failure.kind() != Kind.UNAVAILABLE;
        writes.run(() -> {
            ledger.operations().undoing(id, failure);
            lastStarted()
                    .filter(seq -> nothingChanged && !procedure.steps().get(seq).undoable())
                    .ifPresent(seq -> steps().state(id, seq, State.UNDONE));
        });
        undoAll(failure.getMessage());
    }

    private Optional<Integer> lastStarted() {
        for (int seq = procedure.steps().size() - 1; seq >= 0; seq--) {
            if (steps().state(id, seq).filter(state -> state == State.STARTED).isPresent()) {
                return Optional.of(seq);
            }
        }
        return Optional.empty();
    }

    /** What is left behind the first step that cannot be undone is left, too: the ledger has to match what is there. */
    private void undoAll(String error) {
        List<Step> steps = procedure.steps();
        List<String> left = new ArrayList<>();
        for (int seq = steps.size() - 1; seq >= 0; seq--) {
            Optional<State> state = steps().state(id, seq);
            if (state.isEmpty() || state.get() == State.UNDONE) {
                continue;
            }
            if (!left.isEmpty() || state.get() == State.LEFT || !undo(steps.get(seq), seq)) {
                leave(seq);
                left.add(0, steps.get(seq).name());
            }
        }
        String words = left.isEmpty()
                ? error
                : "%s. Left as it is: %s. 'volume reconcile' shows what is there now"
                        .formatted(error, String.join("; ", left));
        writes.run(() -> ledger.operations().failed(id, words));
    }

    /** Returns whether nothing of the step is left. */
    private boolean undo(Step step, int seq) {
        if (!step.undoable()) {
            return false;
        }
        JournaledMemory memory = new JournaledMemory(writes, steps(), id, seq);
        try {
            patience.call("undoing: " + step.name(), () -> step.undo(memory));
        } catch (VolumeException e) {
            LOG.error("operation {}: step '{}' cannot be undone: {}", id, step.name(), e.getMessage());
            return false;
        } catch (RuntimeException e) {
            unexpected(e);
            return false;
        }
        writes.run(() -> {
            step.recordUndo(memory);
            steps().state(id, seq, State.UNDONE);
        });
        return true;
    }

    private void leave(int seq) {
        writes.run(() -> steps().state(id, seq, State.LEFT));
    }

    private StepJournal steps() {
        return ledger.steps();
    }
}
