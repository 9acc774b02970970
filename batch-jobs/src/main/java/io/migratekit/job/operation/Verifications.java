package io.migratekit.job.operation;

import io.migratekit.job.JobException;
import io.migratekit.job.JobIds;
import io.migratekit.job.JobStatus;
import io.migratekit.job.lease.Lease;
import io.migratekit.job.lease.Leases;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.ReplicationJobs;
import io.migratekit.job.ledger.RestorePoints;
import io.migratekit.job.ledger.VerificationJob;
import io.migratekit.job.ledger.VerificationJobs;
import io.migratekit.job.verification.VerificationEngine;
import io.migratekit.job.verification.VerificationResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Starts, stops and shows verifications. */
public final class Verifications {
    private final MachineCatalog catalog;
    private final RestorePoints restorePoints;
    private final ReplicationJobs replications;
    private final VerificationJobs jobs;
    private final Leases leases;
    private final JobIds ids;
    private final VerificationEngine engine;
    private final Workers workers;

    Verifications(
            MachineCatalog catalog,
            RestorePoints restorePoints,
            ReplicationJobs replications,
            VerificationJobs jobs,
            Leases leases,
            JobIds ids,
            VerificationEngine engine,
            Workers workers) {
        this.catalog = catalog;
        this.restorePoints = restorePoints;
        this.replications = replications;
        this.jobs = jobs;
        this.leases = leases;
        this.ids = ids;
        this.engine = engine;
        this.workers = workers;
    }

    /**
     * Compares the source now with the machine's last restore point, in this process.
     *
     * @param percent how much of each disk, above 0 to 100
     * @param seed which sample, below 100 percent
     * @throws JobException.NoSuch if there is no such machine
     * @throws JobException.Refused if it has no restore point, an unfinished replication has written since, or its
     *     volumes are known not to hold it any more
     * @throws JobException.Busy if a job works on it
     */
    public JobHandle<VerificationResult, VerificationJob.Counters> start(
            String machineName, double percent, long seed) {
        if (!(percent > 0 && percent <= 100)) {
            throw JobException.Refused.usage(
                    "%s percent cannot be verified; give more than 0, up to 100".formatted(percent));
        }
        Lease lease = leases.acquire(catalog.show(machineName).contextId(), ids.next());
        try {
            Machine machine = held(machineName, lease);
            jobs.endDead(lease);
            checkWhole(machine);
            jobs.add(lease, machine, percent, seed);
            CompletableFuture<VerificationResult> end =
                    workers.run(lease.jobId(), () -> engine.run(lease, machine, percent, seed));
            return new JobHandle<>(
                    lease.jobId(),
                    false,
                    end,
                    () -> engine.progress(lease.jobId()),
                    () -> engine.requestStop(lease.jobId(), Replications.INTERRUPTED));
        } catch (RuntimeException e) {
            leases.release(lease);
            throw e;
        }
    }

    /** Asks a verification, in whatever process, to stop. */
    public void stop(String jobId) {
        VerificationJob job = find(jobId);
        if (!job.status().active()) {
            throw JobException.Refused.unfit("job %s is not at work; it is %s"
                    .formatted(jobId, job.status().text()));
        }
        jobs.requestStop(jobId);
        if (!engine.requestStop(jobId, Replications.STOP_ASKED)) {
            engine.stopAsked(jobId, Replications.STOP_ASKED);
        }
    }

    /** Ends verifications whose process died; returns their ids. They are begun anew, not restarted. */
    public List<String> recover() {
        List<String> recovered = new ArrayList<>();
        for (VerificationJob job : jobs.active()) {
            if (leases.holder(job.contextId()).filter(holder -> !holder.dead()).isPresent()) {
                continue;
            }
            try {
                Lease lease = leases.acquire(job.contextId(), ids.next());
                try {
                    jobs.endDead(lease);
                    recovered.add(job.id());
                } finally {
                    leases.release(lease);
                }
            } catch (JobException.Busy e) {
                // somebody was faster, and does the same
            }
        }
        return recovered;
    }

    /** Tells whether one is at work by its record, and no living process holds it; the next {@link #start} ends it. */
    public boolean processDied(String jobId) {
        // The holder first: a job that ends meanwhile has left its active status before it leaves its lease.
        boolean held = jobs.find(jobId)
                .flatMap(job -> leases.holder(job.contextId()))
                .filter(holder -> holder.jobId().equals(jobId) && !holder.dead())
                .isPresent();
        return !held && jobs.find(jobId).filter(job -> job.status().active()).isPresent();
    }

    /** Returns those that are, or claim to be, at work, the oldest first. */
    public List<VerificationJob> active() {
        return jobs.active();
    }

    /** Returns the newest first. */
    public List<VerificationJob> list(int countMax) {
        return jobs.newest(countMax);
    }

    /** Returns a verification, if there is one with this id. */
    public Optional<VerificationJob> known(String jobId) {
        return jobs.find(jobId);
    }

    /**
     * Returns a verification.
     *
     * @throws JobException.NoSuch if there is none with this id
     */
    public VerificationJob find(String jobId) {
        return jobs.find(jobId)
                .orElseThrow(() -> new JobException.NoSuch(
                        "there is no verification '%s'; 'job list' shows jobs of all kinds".formatted(jobId)));
    }

    /** Returns what a verification found, as far as it is listed. */
    public List<VerificationJob.Difference> differences(String jobId) {
        return jobs.differences(jobId);
    }

    /** Returns the machine as it is now that nobody else changes it. */
    private Machine held(String name, Lease lease) {
        Machine machine = catalog.show(name);
        if (!machine.contextId().equals(lease.contextId())) {
            throw JobException.Refused.unfit(
                    "%s was removed and added anew at this moment; try again".formatted(machine.title()));
        }
        return machine;
    }

    private void checkWhole(Machine machine) {
        if (restorePoints.of(machine.contextId()).isEmpty()) {
            throw JobException.Refused.unfit(
                    "%s has no restore point yet; replicate it first".formatted(machine.title()));
        }
        catalog.targetChanges(machine).stream().findFirst().ifPresent(change -> {
            throw JobException.Refused.unfit("%s cannot be verified: %s".formatted(machine.title(), change.text()));
        });
        Optional<ReplicationJob> wrote = replications.writtenSinceRestorePoint(machine.contextId());
        if (wrote.isPresent()) {
            ReplicationJob job = wrote.get();
            boolean givenUp = job.status() == JobStatus.SUPERSEDED;
            throw JobException.Refused.unfit(
                    "replication %s of %s %s, so its targets are between two moments; finish %s first with 'replicate %s %s'"
                            .formatted(
                                    job.id(),
                                    machine.title(),
                                    givenUp ? "was given up after it had begun to write" : "is unfinished",
                                    givenUp ? "another one" : "it",
                                    givenUp ? "start" : "restart",
                                    givenUp ? machine.name() : job.id()));
        }
    }
}
