package io.migratekit.volume.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.ledger.JournalWrites;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A daemon that is cut off at one of its writes into the journal, and the one that takes over. */
final class CutScene implements AutoCloseable {
    static final int WRITES_MAX = 200;
    static final long SIZE_BYTES = 1 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final MemoryBackend memory = new MemoryBackend();
    final FaultyBackend backend = new FaultyBackend(memory);
    final FaultyEngine engine = new FaultyEngine(new MemoryEngine());

    private final Database database = Database.inMemory();
    private final long epoch = database.lease(PATIENCE).acquire(Optional.empty());
    private final JournalWrites writes = database.lease(PATIENCE).writes(epoch);
    private final List<VolumeOperations> daemons = new ArrayList<>();
    private final String key = UUID.randomUUID().toString();
    private VolumeRequest request = new VolumeRequest.Snapshot("none");

    /** What an operation needs to be there before it, and how to ask for it. */
    enum Case {
        CREATE,
        ATTACH,
        ATTACH_ROOT,
        DETACH,
        DELETE,
        RESIZE,
        SNAPSHOT,
        REVERT,
        DELETE_SNAPSHOTS,
        CLONE,
        EXPORT,
        EXPORT_AGAIN,
        UNEXPORT
    }

    /** Thrown in place of the death of a process: nothing catches it. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /**
     * Prepares, asks, and cuts.
     *
     * @param prepared called when what the operation needs is there
     * @return false if the operation ended before that write came
     */
    boolean cutAt(Case what, int write, boolean committed, Runnable prepared) throws InterruptedException {
        try (VolumeOperations before = daemon(writes)) {
            request = prepare(what, before);
        }
        prepared.run();
        CountDownLatch cut = new CountDownLatch(1);
        VolumeOperations doomed = daemon(cutting(write, committed, cut));
        try {
            Operation operation = doomed.submit(key, request);
            while (!cut.await(1, TimeUnit.MILLISECONDS)) {
                if (doomed.operation(operation.id()).status().ended()) {
                    return false;
                }
            }
            doomed.await(operation.id(), PATIENCE); // its thread has died
        } catch (Killed e) {
            assertThat(cut.getCount()).isZero();
        }
        return true;
    }

    private JournalWrites cutting(int write, boolean committed, CountDownLatch cut) {
        AtomicInteger count = new AtomicInteger();
        return work -> {
            int now = count.incrementAndGet();
            if (now > write || (now == write && !committed)) {
                cut.countDown();
                throw new Killed(); // a dead process writes nothing more
            }
            writes.run(work);
            if (now == write) {
                cut.countDown();
                throw new Killed();
            }
        };
    }

    @Override
    public void close() {
        daemons.forEach(VolumeOperations::close);
        database.close();
    }

    /** Starts the daemon that takes over. */
    VolumeOperations startAgain() {
        VolumeOperations next = daemon(writes);
        next.recover();
        return next;
    }

    /** Returns how the operation ended that was cut, if it had been accepted; nobody has asked for it again. */
    Optional<Operation> resumed(VolumeOperations next) {
        return next.operations(OperationFilter.newest(20)).stream()
                .filter(operation -> operation.key().equals(key))
                .findFirst()
                .map(operation -> next.await(operation.id(), PATIENCE));
    }

    /** Asks again, as whoever got no answer does. */
    Operation askAgain(VolumeOperations next) {
        return next.await(next.submit(key, request).id(), PATIENCE);
    }

    private VolumeOperations daemon(JournalWrites through) {
        VolumeOperations daemon = new VolumeOperations(
                database.ledger(), through, new Backends(List.of(backend)), engine, Duration.ofSeconds(5));
        daemons.add(daemon);
        return daemon;
    }

    private VolumeRequest prepare(Case what, VolumeOperations volumes) {
        if (what == Case.CREATE) {
            return new VolumeRequest.Create("one", SIZE_BYTES, Optional.of("ctx"));
        }
        VolumeId one = perform(volumes, new VolumeRequest.Create("one", SIZE_BYTES, Optional.of("ctx")))
                .volume();
        perform(volumes, new VolumeRequest.Create("two", SIZE_BYTES, Optional.of("ctx")));
        memory.write(one, "before");
        return switch (what) {
            case CREATE -> throw new IllegalStateException();
            case ATTACH -> new VolumeRequest.Attach(one, VolumeRequest.APPLIANCE, false);
            case ATTACH_ROOT -> new VolumeRequest.Attach(one, "vm-7", true);
            case DELETE -> new VolumeRequest.Delete(one);
            case RESIZE -> new VolumeRequest.Resize(one, 2 * SIZE_BYTES);
            case SNAPSHOT -> new VolumeRequest.Snapshot("ctx");
            case DETACH, EXPORT, EXPORT_AGAIN, UNEXPORT -> attached(what, volumes, one);
            case REVERT, DELETE_SNAPSHOTS, CLONE -> snapshotted(what, volumes, one);
        };
    }

    private VolumeRequest attached(Case what, VolumeOperations volumes, VolumeId one) {
        perform(volumes, new VolumeRequest.Attach(one, VolumeRequest.APPLIANCE, false));
        if (what == Case.EXPORT_AGAIN || what == Case.UNEXPORT) {
            perform(volumes, new VolumeRequest.Export(one, false));
        }
        if (what == Case.DETACH) {
            return new VolumeRequest.Detach(one);
        }
        return what == Case.UNEXPORT ? new VolumeRequest.Unexport(one) : new VolumeRequest.Export(one, false);
    }

    private VolumeRequest snapshotted(Case what, VolumeOperations volumes, VolumeId one) {
        perform(volumes, new VolumeRequest.Snapshot("ctx"));
        memory.write(one, "after");
        SnapshotSetId set = volumes.snapshotSets("ctx").get(0).id();
        if (what == Case.REVERT) {
            return new VolumeRequest.Revert(set);
        }
        return what == Case.CLONE
                ? new VolumeRequest.CloneSnapshots(set, "test")
                : new VolumeRequest.DeleteSnapshots(set);
    }

    private static Operation perform(VolumeOperations volumes, VolumeRequest request) {
        return volumes.perform(UUID.randomUUID().toString(), request, PATIENCE);
    }
}
