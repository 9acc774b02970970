package io.migratekit.volume.operation;

import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.ledger.JournalWrites;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;

/** Checks, stores and queues what is asked for. Safe for many threads. */
final class Acceptance {
    private static final int KEY_CHARACTERS_MAX = 191;

    private final Ledger ledger;
    private final JournalWrites writes;
    private final Procedures procedures;
    private final OperationQueue queue;
    private final Starter starter;

    Acceptance(Ledger ledger, JournalWrites writes, Procedures procedures, OperationQueue queue, Starter starter) {
        this.ledger = ledger;
        this.writes = writes;
        this.procedures = procedures;
        this.queue = queue;
        this.starter = starter;
    }

    /** Lets an operation that is stored be carried out in its turn. */
    interface Starter {
        void start(OperationId id, String type, Procedure procedure);
    }

    /**
     * Does what {@link io.migratekit.volume.Volumes#submit} says. Back ends are asked before anything is held: one that takes
     * its time holds up nobody else.
     */
    Operation submit(String key, VolumeRequest request) {
        checkKey(key);
        Optional<Operation> earlier = ledger.operations().keyed(key);
        if (earlier.isPresent()) {
            return sameRequest(earlier.get(), request);
        }
        OperationId id = new OperationId("op-" + UUID.randomUUID());
        List<VolumeId> volumes = procedures.volumes(request);
        Procedure procedure = procedures.of(id, request, volumes);
        try {
            if (queue.idle(procedure.alone())) {
                procedure.check(); // else what is ahead of it may make it possible, or not; it is looked at in its turn
            }
        } catch (VolumeException e) {
            // The same request, sent twice, may have been accepted and carried out meanwhile.
            return ledger.operations()
                    .keyed(key)
                    .map(accepted -> sameRequest(accepted, request))
                    .orElseThrow(() -> e);
        }
        return accept(id, key, request, volumes, procedure);
    }

    /** Operations are stored and queued in one order. */
    private synchronized Operation accept(
            OperationId id, String key, VolumeRequest request, List<VolumeId> volumes, Procedure procedure) {
        checkOpen();
        Optional<SnapshotSetId> set = procedures.set(id, request);
        try {
            writes.run(() -> ledger.operations().add(id, key, request, volumes, set));
        } catch (DuplicateKeyException e) {
            return sameRequest(ledger.operations().keyed(key).orElseThrow(), request);
        }
        Operation accepted = ledger.operations().find(id).orElseThrow();
        starter.start(id, request.type(), procedure);
        return accepted;
    }

    /** What is accepted after this check, and not begun here any more, is taken up when a daemon starts again. */
    private void checkOpen() {
        if (queue.closed()) {
            throw new VolumeException(
                    VolumeException.Kind.UNAVAILABLE,
                    "the volume daemon is ending and accepts nothing more; ask again with the same key when it has started again");
        }
    }

    private static void checkKey(String key) {
        if (key.isBlank() || key.length() > KEY_CHARACTERS_MAX) {
            throw new IllegalArgumentException(
                    "a key of %d characters; 1 to %d are allowed".formatted(key.length(), KEY_CHARACTERS_MAX));
        }
    }

    private static Operation sameRequest(Operation earlier, VolumeRequest request) {
        if (!earlier.request().equals(request)) {
            throw Workshop.refused("key '%s' belongs to operation %s, which asked for %s; use another key"
                    .formatted(earlier.key(), earlier.id(), earlier.request()));
        }
        return earlier;
    }
}
