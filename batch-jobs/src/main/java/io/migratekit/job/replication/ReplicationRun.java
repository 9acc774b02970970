package io.migratekit.job.replication;

import io.migratekit.job.JobException;
import io.migratekit.job.lease.Lease;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.source.DiskKey;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceSnapshot;
import io.migratekit.target.CopyException;
import io.migratekit.target.StopSignal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * One replication while this process runs it: what is open, and whether it has to stop. Steps share it; nothing of it
 * outlives the process. Everything that counts after a crash is in the ledger and in Batch's repository.
 */
final class ReplicationRun implements StopSignal, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicationRun.class);

    private final Lease lease;
    private final Machine machine;
    private final ReplicationJob.Options options;
    private final RunMeter meter;
    private final List<DiskCopy> disks = new CopyOnWriteArrayList<>();
    private final Set<StepExecution> steps = ConcurrentHashMap.newKeySet();
    private final SimpleAsyncTaskExecutor rangeThreads = new SimpleAsyncTaskExecutor("copy-");
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Set<Throwable> leaseLosses = ConcurrentHashMap.newKeySet();
    private volatile @Nullable SourceMachine source;
    private volatile @Nullable SourceSnapshot snapshot;
    private volatile BooleanSupplier leaseLost = () -> false;
    private volatile boolean stopping;
    private volatile boolean unflushed;
    private volatile boolean promoted;
    private volatile String phase = "starting";
    private final List<String> leftToDo = new CopyOnWriteArrayList<>();

    ReplicationRun(Lease lease, Machine machine, ReplicationJob job) {
        this.lease = lease;
        this.machine = machine;
        this.options = job.options();
        this.meter = new RunMeter(job.counters());
    }

    Lease lease() {
        return lease;
    }

    String jobId() {
        return lease.jobId();
    }

    Machine machine() {
        return machine;
    }

    ReplicationJob.Options options() {
        return options;
    }

    RunMeter meter() {
        return meter;
    }

    // What is open.

    void opened(SourceMachine opened) {
        source = opened;
    }

    SourceMachine source() {
        SourceMachine open = source;
        if (open == null) {
            throw new IllegalStateException("the source is not open");
        }
        return open;
    }

    void snapshot(SourceSnapshot taken) {
        snapshot = taken;
    }

    /** Returns the snapshot that this run copies, if it is still there. */
    Optional<SourceSnapshot> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    void add(DiskCopy disk) {
        disks.add(disk);
    }

    List<DiskCopy> disks() {
        return List.copyOf(disks);
    }

    DiskCopy disk(DiskKey key) {
        return disks.stream()
                .filter(disk -> disk.disk().key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("disk " + key + " is not prepared"));
    }

    /** Returns the range that the partition {@code name} copies. */
    RangeCopyState range(String name) {
        return disks.stream()
                .flatMap(disk -> disk.ranges().stream())
                .filter(range -> range.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no range is called " + name));
    }

    // Whether it has to stop.

    void watch(BooleanSupplier lost) {
        leaseLost = lost;
    }

    /** Fails unless this run still holds the machine; asked before anything is written to a target. */
    void checkLease() {
        if (leaseLost.getAsBoolean()) {
            JobException.Failed lost = new JobException.Failed(
                    "job %s has lost the lease of %s, to another process or since the database was away for too long, so it writes nothing more. 'vm show' names the job that has it; without one, restart this job"
                            .formatted(jobId(), machine.title()));
            leaseLosses.add(lost);
            throw lost;
        }
    }

    /**
     * Fails if a flush has failed anywhere: a kernel tells lost writes to whoever flushes first, and the next flush of the
     * same file succeeds without them. Asked between flush and commit.
     */
    void checkFlushes() {
        if (unflushed) {
            throw new JobException.Failed(
                    "a flush failed beside this range of job %s, so its own is not trusted and its last chunk is copied again"
                            .formatted(jobId()));
        }
    }

    /** Remembers that the restore point is made: whatever follows, the copy is complete. */
    void promote() {
        promoted = true;
    }

    boolean promoted() {
        return promoted;
    }

    /** Lets every range end at its next commit. */
    void requestStop() {
        stopping = true;
        steps.forEach(StepExecution::setTerminateOnly);
    }

    @Override
    public boolean stopping() {
        return stopping || leaseLost.getAsBoolean();
    }

    @Override
    public boolean fenced() {
        return leaseLost.getAsBoolean();
    }

    void checkStop() throws StopRequested {
        checkLease();
        if (stopping()) {
            throw new StopRequested();
        }
    }

    void enter(StepExecution step) {
        steps.add(step);
        if (stopping) {
            step.setTerminateOnly();
        }
    }

    void leave(StepExecution step) {
        steps.remove(step);
    }

    /** Copies a range on a thread of its own as soon as fewer than {@code atOnce} of this run are under way. */
    void startRange(Runnable range, int atOnce) {
        rangeThreads.setConcurrencyLimit(atOnce);
        rangeThreads.execute(range);
    }

    /** Remembers the first failure, and lets the other ranges end at their next commit. */
    void failed(Throwable cause) {
        if (cause instanceof CopyException.Unflushed) {
            unflushed = true;
        }
        Throwable first = failure.get();
        if (failure.compareAndSet(null, cause)) {
            requestStop();
        } else if (first != null && leaseLosses.contains(first) && isOfDatabase(cause)) {
            // The lease is lost since the database is away, and that says more to a person.
            failure.compareAndSet(first, cause);
        }
    }

    private static boolean isOfDatabase(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (Explain.isDatabase(cause)) {
                return true;
            }
        }
        return false;
    }

    Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    // What people see.

    /** Puts the names that people use into a message. */
    String named(String message) {
        String named = message;
        for (DiskCopy disk : disks) {
            named = disk.named(named);
        }
        return named;
    }

    void phase(String now) {
        phase = now;
    }

    String phase() {
        return phase;
    }

    /** Remembers that the copy is whole and promoted, but something behind it is not done. */
    void leaves(String toDo) {
        leftToDo.add(toDo);
    }

    Optional<String> leftToDo() {
        return leftToDo.isEmpty() ? Optional.empty() : Optional.of(String.join(". ", leftToDo));
    }

    /** Ends what serves the disks; sources and targets stay as they are. */
    void closeDisks() {
        disks.forEach(disk -> closing(disk));
        disks.clear();
    }

    @Override
    public void close() {
        closeDisks();
        SourceMachine open = source;
        if (open != null) {
            closing(open);
        }
    }

    private void closing(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("{} of job {} could not be closed", resource, jobId(), e);
        }
    }
}
