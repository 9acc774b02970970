package io.migratekit.volume.operation;

import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.Difference;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeException.Kind;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import io.migratekit.volume.export.ExportEngine;
import io.migratekit.volume.ledger.JournalWrites;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;

/**
 * The volumes of this process: accepts operations, carries them out in the background, and answers from the ledger. There
 * is one per database at a time; whoever makes it holds the daemon's lease. After a restart {@link #recover} takes up
 * what had not ended and serves again what was served.
 */
public final class VolumeOperations implements Volumes, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeOperations.class);
    private static final int KEY_CHARACTERS_MAX = 191;

    private final Ledger ledger;
    private final JournalWrites writes;
    private final Workshop workshop;
    private final Procedures procedures;
    private final Reconciler reconciler;
    private final Comparison comparison = new Comparison();
    private final Health health;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Patience patience;
    private final Carrying carrying;
    private final ExecutorService executor;
    private final OperationQueue queue;

    /**
     * Makes one.
     *
     * @param writes that only commit while the daemon's lease is held
     * @param operationTimeout how long one step is tried again while its back end does not answer
     */
    public VolumeOperations(
            Ledger ledger, JournalWrites writes, Backends backends, ExportEngine engine, Duration operationTimeout) {
        this.ledger = ledger;
        this.writes = writes;
        this.workshop = new Workshop(ledger, backends, engine);
        this.procedures = new Procedures(workshop);
        this.reconciler = new Reconciler(workshop, writes);
        this.health = new Health(workshop, comparison);
        this.patience = new Patience(operationTimeout, ending);
        this.carrying = new Carrying(patience);
        this.executor = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "volume-operation");
            thread.setDaemon(true);
            thread.setContextClassLoader(VolumeOperations.class.getClassLoader()); // not that of whoever asks first
            return thread;
        });
        this.queue = new OperationQueue(executor);
    }

    /**
     * Takes up what an earlier daemon left: serves again what its ledger has, under the same names, and goes on with
     * operations that had not ended. To be called once, before anything is asked.
     *
     * @return how many operations go on
     */
    public int recover() {
        reconciler.restoreExports(queue::ifIdle);
        List<Operation> unfinished = ledger.operations().unfinished();
        for (Operation operation : unfinished) {
            LOG.info(
                    "operation {} ({}) goes on",
                    operation.id(),
                    operation.request().type());
            enqueue(
                    operation.id(),
                    operation.request().type(),
                    procedures.of(operation.id(), operation.request(), operation.volumes()));
        }
        return unfinished.size();
    }

    /**
     * Serves again what the ledger has as served and is not, as after the end of a storage daemon. To be called every few
     * seconds; volumes that an operation works on are left to it.
     *
     * @return how many are served again
     */
    public int restoreExports() {
        return reconciler.restoreExports(queue::ifIdle);
    }

    /**
     * Compares the ledger with what is there, in the background, and changes nothing: differences are logged as warnings,
     * and {@link #health} tells of them until a {@link #reconcile} leaves none. To be called once, after {@link #recover}.
     */
    public void compareInBackground() {
        executor.execute(this::compare);
    }

    /** Returns how many operations have been accepted and have not ended. */
    public int underWay() {
        return queue.size();
    }

    /** Returns how long operations took that have ended here, by their types. */
    public Map<String, OperationTimes> times() {
        return carrying.times();
    }

    @Override
    public synchronized Operation submit(String key, VolumeRequest request) {
        checkKey(key);
        Optional<Operation> earlier = ledger.operations().keyed(key);
        if (earlier.isPresent()) {
            return sameRequest(earlier.get(), request);
        }
        checkOpen();
        OperationId id = new OperationId("op-" + UUID.randomUUID());
        List<VolumeId> volumes = procedures.volumes(request);
        Procedure procedure = procedures.of(id, request, volumes);
        if (queue.idle(procedure.alone())) {
            procedure.check(); // else what is ahead of it may make it possible, or not; it is looked at in its turn
        }
        Optional<SnapshotSetId> set = procedures.set(id, request);
        try {
            writes.run(() -> ledger.operations().add(id, key, request, volumes, set));
        } catch (DuplicateKeyException e) {
            return sameRequest(ledger.operations().keyed(key).orElseThrow(), request);
        }
        Operation accepted = operation(id);
        enqueue(id, request.type(), procedure);
        return accepted;
    }

    @Override
    public Operation operation(OperationId id) {
        return ledger.operations()
                .find(id)
                .orElseThrow(() -> new VolumeException(
                        Kind.NO_SUCH_THING,
                        "there is no operation %s; 'volume operations' shows the last ones".formatted(id)));
    }

    @Override
    public List<Operation> operations(OperationFilter filter) {
        return ledger.operations().list(filter);
    }

    @Override
    public Operation await(OperationId id, Duration timeout) {
        try {
            queue.await(id, timeout.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return operation(id);
    }

    @Override
    public List<Volume> volumes() {
        return ledger.volumes().all();
    }

    @Override
    public Optional<Volume> volume(VolumeId id) {
        return ledger.volumes().find(id);
    }

    @Override
    public List<Volume> volumesOf(String context) {
        return ledger.volumes().of(context);
    }

    @Override
    public Optional<Volume> volumeAt(String devicePath) {
        return ledger.volumes().at(devicePath);
    }

    @Override
    public List<VolumeExport> exports() {
        return ledger.exports().open();
    }

    @Override
    public Optional<VolumeExport> export(VolumeId id) {
        List<VolumeExport> open = ledger.exports().openOf(id);
        return open.isEmpty() ? Optional.empty() : Optional.of(open.get(open.size() - 1));
    }

    @Override
    public List<SnapshotSet> snapshotSets(String context) {
        return ledger.snapshots().of(context);
    }

    @Override
    public List<Difference> reconcile(boolean repair) {
        List<Difference> found = reconciler.reconcile(repair, queue::ifIdle);
        comparison.found(found);
        return found;
    }

    private void compare() {
        try {
            patience.call(
                    "comparing ledger and back ends",
                    () -> comparison.foundAtStart(reconciler.reconcile(false, queue::ifIdle)));
        } catch (Patience.Ending e) {
            LOG.debug("the daemon ends before ledger and back ends are compared");
        } catch (VolumeException | DataAccessException e) {
            comparison.failed(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public DaemonHealth health() {
        return health.look(queue.size());
    }

    /** Ends after the steps that are under way; operations that have not ended go on when a daemon starts again. */
    @Override
    public void close() {
        ending.countDown();
        queue.close();
        executor.shutdown();
        try {
            if (!executor.awaitTermination(30, TimeUnit.SECONDS)) {
                LOG.warn("operations are still at a step after 30 s; they are taken up when the daemon starts again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is accepted after this check, and not begun here any more, is taken up when a daemon starts again. */
    private void checkOpen() {
        if (queue.closed()) {
            throw new VolumeException(
                    Kind.UNAVAILABLE,
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

    private void enqueue(OperationId id, String type, Procedure procedure) {
        OperationRun run = new OperationRun(ledger, writes, patience, id, procedure, wider -> widen(id, wider));
        long acceptedNanos = System.nanoTime();
        queue.add(id, procedure.alone(), () -> carrying.carryOut(id, type, acceptedNanos, run));
    }

    private void widen(OperationId id, Set<String> wider) {
        try {
            queue.widen(id, wider);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Patience.Ending();
        }
    }
}
