package io.migratekit.volume.operation;

import io.migratekit.volume.DaemonHealth;
import io.migratekit.volume.Difference;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.SnapshotSet;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The volumes of this process: accepts operations, carries them out in the background, and answers from the ledger. There
 * is one per database at a time; whoever makes it holds the daemon's lease. After a restart {@link #recover} takes up
 * what had not ended and serves again what was served.
 */
public final class VolumeOperations implements Volumes, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeOperations.class);
    /** Most of them wait for a cloud, so that the few connections to the database suffice for all of them. */
    private static final int AT_WORK_MAX = 100;

    private final Ledger ledger;
    private final JournalWrites writes;
    private final Workshop workshop;
    private final Procedures procedures;
    private final Reconciler reconciler;
    private final Reinstatement reinstatement = new Reinstatement(this);
    private final Comparison comparison = new Comparison();
    private final Health health;
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Patience patience;
    private final Carrying carrying;
    private final ExecutorService executor;
    private final OperationQueue queue;
    private final Acceptance acceptance;

    /**
     * Makes one.
     *
     * @param writes that only commit while the daemon's lease is held
     * @param operationTimeout how long one step is tried again while its back end does not answer, and waited for
     */
    public VolumeOperations(
            Ledger ledger, JournalWrites writes, Backends backends, ExportEngine engine, Duration operationTimeout) {
        this(ledger, writes, backends, engine, operationTimeout, operationTimeout);
    }

    /**
     * Makes one.
     *
     * @param writes that only commit while the daemon's lease is held
     * @param operationTimeout how long one step is tried again while its back end does not answer
     * @param jobTimeout how long one step is waited for while its back end answers that it is at work
     */
    public VolumeOperations(
            Ledger ledger,
            JournalWrites writes,
            Backends backends,
            ExportEngine engine,
            Duration operationTimeout,
            Duration jobTimeout) {
        this.ledger = ledger;
        this.writes = writes;
        this.workshop = new Workshop(ledger, backends, engine);
        this.procedures = new Procedures(workshop);
        this.reconciler = new Reconciler(workshop, writes);
        this.health = new Health(workshop, comparison);
        this.patience = new Patience(operationTimeout, jobTimeout, ending);
        this.carrying = new Carrying(patience);
        this.executor = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "volume-operation");
            thread.setDaemon(true);
            thread.setContextClassLoader(VolumeOperations.class.getClassLoader()); // not that of whoever asks first
            return thread;
        });
        this.queue = new OperationQueue(executor, AT_WORK_MAX);
        this.acceptance = new Acceptance(ledger, writes, procedures, queue, this::enqueue);
    }

    /**
     * Takes up what an earlier daemon left: serves again what its ledger has, under the same names, and goes on with
     * operations that had not ended. To be called once, before anything is asked.
     *
     * @return how many operations go on
     */
    public int recover() {
        restoreExports();
        return takeUp();
    }

    /**
     * Goes on with operations that had not ended, and serves nothing again yet. To be called once, before anything is
     * asked.
     *
     * @return how many operations go on
     */
    public int takeUp() {
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

    /**
     * Returns what completes when an operation was cut off by an error of the virtual machine, such as a lack of memory or
     * classes that are gone since the program was replaced: it does not go on here, only in another process.
     */
    public CompletableFuture<Error> broken() {
        return carrying.broken();
    }

    /** Returns how long operations took that have ended here, by their types. */
    public Map<String, OperationTimes> times() {
        return carrying.times();
    }

    @Override
    public Operation submit(String key, VolumeRequest request) {
        return acceptance.submit(key, request);
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
        List<Difference> found = reconciler.reconcile(repair, queue::ifIdle, reinstatement);
        comparison.found(found);
        return found;
    }

    private void compare() {
        try {
            patience.call(
                    "comparing ledger and back ends",
                    () -> comparison.foundAtStart(reconciler.reconcile(false, queue::ifIdle, reinstatement)));
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
