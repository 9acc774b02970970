package io.migratekit.job.operation;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.job.JobException;
import io.migratekit.job.JobIds;
import io.migratekit.job.Mode;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.joblog.JobStep;
import io.migratekit.job.lease.Lease;
import io.migratekit.job.lease.LeaseHolder;
import io.migratekit.job.lease.Leases;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.Machines;
import io.migratekit.job.ledger.ReplicationDisk;
import io.migratekit.job.ledger.ReplicationDisks;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.ReplicationJobs;
import io.migratekit.job.replication.ReplicationEngine;
import io.migratekit.job.replication.ReplicationProgress;
import io.migratekit.job.replication.ReplicationResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Starts, stops, restarts, recovers and shows replications. */
public final class Replications {
    static final String STOP_ASKED = "somebody asked it to stop";
    static final String INTERRUPTED = "whoever waits for it interrupted it";

    private final Machines machines;
    private final ReplicationJobs jobs;
    private final ReplicationDisks disks;
    private final JobLog jobLog;
    private final Leases leases;
    private final JobIds ids;
    private final ReplicationEngine engine;
    private final DeadJobs deadJobs;
    private final Workers workers;
    private final MigrateKitSettings settings;

    Replications(
            Machines machines,
            ReplicationJobs jobs,
            ReplicationDisks disks,
            JobLog jobLog,
            Leases leases,
            JobIds ids,
            ReplicationEngine engine,
            Workers workers,
            MigrateKitSettings settings) {
        this.machines = machines;
        this.jobs = jobs;
        this.disks = disks;
        this.jobLog = jobLog;
        this.leases = leases;
        this.ids = ids;
        this.engine = engine;
        this.deadJobs = new DeadJobs(jobs, leases, engine);
        this.workers = workers;
        this.settings = settings;
    }

    /**
     * Starts a replication in this process. In mode auto an unfinished one of the machine goes on from its last commits;
     * another mode gives it up and begins anew.
     *
     * @throws JobException.NoSuch if there is no such machine
     * @throws JobException.Busy if a job works on it already
     */
    public JobHandle<ReplicationResult, ReplicationProgress> start(String machineName, StartOptions options) {
        Machine machine = machines.named(machineName)
                .orElseThrow(() -> MachineCatalog.noSuch(
                        machineName,
                        machines.list(Machine.Kind.VM).stream()
                                .map(Machine::name)
                                .toList()));
        return start(machine, options, options.mode() == Mode.AUTO, lease -> {});
    }

    /**
     * Starts, or goes on with, a replication of a machine of any kind.
     *
     * @param known the machine as it was seen before its lease is held
     * @param first done as soon as the lease is held; what it changes of the machine counts
     */
    JobHandle<ReplicationResult, ReplicationProgress> start(
            Machine known, StartOptions options, boolean mayResume, Consumer<Lease> first) {
        Lease lease = acquire(known, ids.next());
        try {
            first.accept(lease);
            Machine machine = held(known);
            deadJobs.recover(lease);
            ReplicationJob.Options resolved =
                    options.resolved(settings.replication().fallback());
            Optional<ReplicationJob> unfinished = mayResume ? resumable(machine) : Optional.empty();
            if (unfinished.isPresent()) {
                lease = leases.assign(lease, unfinished.get().id());
                jobs.options(lease, merged(unfinished.get().options(), resolved));
                return launch(lease, machine, true);
            }
            jobs.add(lease, machine, resolved);
            jobLog.begin(lease.jobId(), "replication", machine.title(), machine.contextId(), "");
            for (String given : jobs.supersedeOthers(lease)) {
                jobLog.event(given, JobEvent.Level.INFO, "superseded", "given up in favour of job " + lease.jobId());
            }
            return launch(lease, machine, false);
        } catch (RuntimeException e) {
            leases.release(lease);
            throw e;
        }
    }

    /**
     * Goes on with a job that was stopped, failed or whose process died.
     *
     * @param jobOrMachine a job id, or the name of a machine, whose newest job is meant
     */
    public JobHandle<ReplicationResult, ReplicationProgress> restart(String jobOrMachine) {
        ReplicationJob job = find(jobOrMachine);
        Machine known = machines.find(job.contextId()).orElseThrow();
        Lease lease = acquire(known, job.id());
        try {
            Machine machine = held(known);
            deadJobs.recover(lease);
            ReplicationJob now = find(job.id());
            if (!now.status().restartable()) {
                throw JobException.Refused.unfit(
                        "job %s is %s; only stopped, failed or interrupted jobs can be restarted"
                                .formatted(now.id(), now.status().text()));
            }
            return launch(lease, machine, true);
        } catch (RuntimeException e) {
            leases.release(lease);
            throw e;
        }
    }

    /**
     * Asks a job, in whatever process, to stop at its next commit.
     *
     * @return whether a living process runs it; a dead one is recovered instead
     * @throws JobException.Refused if it is not at work
     */
    public boolean stop(String jobOrMachine) {
        ReplicationJob job = find(jobOrMachine);
        if (!job.status().active()) {
            throw JobException.Refused.unfit("job %s is not at work; it is %s"
                    .formatted(job.id(), job.status().text()));
        }
        jobs.requestStop(job.id());
        if (!engine.requestStop(job.id(), STOP_ASKED)) {
            engine.stopAsked(job.id(), STOP_ASKED);
        }
        boolean alive = leases.holder(job.contextId())
                .filter(holder -> !holder.dead() && holder.jobId().equals(job.id()))
                .isPresent();
        if (!alive) {
            deadJobs.end(job);
        }
        return alive;
    }

    /**
     * Makes jobs restartable whose process died, or completes them if they had made their restore point; returns their
     * ids. Jobs that live are left alone.
     */
    public List<String> recover() {
        return deadJobs.recover();
    }

    /** Returns the jobs that are, or claim to be, at work, the oldest first. */
    public List<ReplicationJob> active() {
        return jobs.active();
    }

    /** Returns the newest jobs first. */
    public List<ReplicationJob> list(int countMax) {
        return jobs.newest(countMax);
    }

    /** Returns a machine's jobs, newest first. */
    public List<ReplicationJob> ofMachine(Machine machine) {
        return jobs.ofMachine(machine.contextId());
    }

    /**
     * Returns a job.
     *
     * @param jobOrMachine a job id, or the name of a machine, whose newest job is meant
     */
    public ReplicationJob find(String jobOrMachine) {
        return jobs.find(jobOrMachine)
                .or(() -> machines.named(jobOrMachine)
                        .flatMap(machine ->
                                jobs.ofMachine(machine.contextId()).stream().findFirst()))
                .orElseThrow(() -> new JobException.NoSuch(
                        "there is no replication job '%s', and no VM of that name with one; 'replicate list' shows all"
                                .formatted(jobOrMachine)));
    }

    /** Returns how a job's disks were decided; empty before it was prepared. */
    public List<ReplicationDisk> disks(ReplicationJob job) {
        return disks.of(job.id());
    }

    /** Returns how far a job's disks are, as its process stored it about a second ago. */
    public List<ReplicationDisks.DiskCounters> diskCounters(ReplicationJob job) {
        return disks.counters(job.id());
    }

    /** Returns who works on a job's machine now. */
    public Optional<LeaseHolder> holder(ReplicationJob job) {
        return leases.holder(job.contextId()).filter(holder -> holder.jobId().equals(job.id()));
    }

    /** Tells whether a job is at work by its record, and no living process holds it: {@link #recover} is for it. */
    public boolean processDied(String jobId) {
        // The holder first: a job that ends meanwhile has left its active status before it leaves its lease.
        boolean held = jobs.find(jobId)
                .flatMap(this::holder)
                .filter(holder -> !holder.dead())
                .isPresent();
        return !held && jobs.find(jobId).filter(job -> job.status().active()).isPresent();
    }

    /** Returns a job's events after {@code afterId} (0: all), oldest first. */
    public List<JobEvent> events(String jobId, long afterId) {
        return jobLog.events(jobId, afterId);
    }

    /** Returns a job's steps in order. */
    public List<JobStep> steps(String jobId) {
        return jobLog.steps(jobId);
    }

    private JobHandle<ReplicationResult, ReplicationProgress> launch(Lease lease, Machine machine, boolean restart) {
        CompletableFuture<ReplicationResult> end =
                workers.run(lease.jobId(), () -> engine.run(lease, machine, restart));
        return new JobHandle<>(
                lease.jobId(),
                restart,
                end,
                () -> engine.progress(lease.jobId()),
                () -> engine.requestStop(lease.jobId(), INTERRUPTED));
    }

    /** Returns a machine as it is now that its lease is held, and nobody else changes it. */
    private Machine held(Machine known) {
        return machines.find(known.contextId())
                .orElseThrow(() ->
                        new JobException.NoSuch("%s was removed at this moment; 'vm list' shows those that are there"
                                .formatted(known.title())));
    }

    private Lease acquire(Machine machine, String jobId) {
        try {
            return leases.acquire(machine.contextId(), jobId);
        } catch (JobException.Busy e) {
            throw new JobException.Busy(machine.title() + " is busy: " + e.getMessage(), e.jobId(), e.host(), e.pid());
        }
    }

    /** Returns the machine's newest job if it has begun to copy and can go on. */
    private Optional<ReplicationJob> resumable(Machine machine) {
        return jobs.ofMachine(machine.contextId()).stream()
                .findFirst()
                .filter(job -> job.status().restartable())
                .filter(job ->
                        disks.of(job.id()).stream().anyMatch(disk -> disk.state() == ReplicationDisk.State.PLANNED));
    }

    /** The mode stays; what a person newly allows counts. A claim that the target is zero is too late now. */
    private static ReplicationJob.Options merged(ReplicationJob.Options before, ReplicationJob.Options now) {
        return new ReplicationJob.Options(
                before.mode(), now.fallback(), before.targetIsZero(), before.unsafeTarget() || now.unsafeTarget());
    }
}
