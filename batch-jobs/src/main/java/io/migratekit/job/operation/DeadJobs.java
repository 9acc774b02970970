package io.migratekit.job.operation;

import io.migratekit.job.JobException;
import io.migratekit.job.lease.Lease;
import io.migratekit.job.lease.LeaseHolder;
import io.migratekit.job.lease.Leases;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.ReplicationJobs;
import io.migratekit.job.replication.ReplicationEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Ends replications that are at work by their record alone, since their process died. */
final class DeadJobs {
    private final ReplicationJobs jobs;
    private final Leases leases;
    private final ReplicationEngine engine;

    DeadJobs(ReplicationJobs jobs, Leases leases, ReplicationEngine engine) {
        this.jobs = jobs;
        this.leases = leases;
        this.engine = engine;
    }

    /**
     * Makes jobs restartable whose process died, or completes them if they had made their restore point; returns their
     * ids. Jobs that live are left alone.
     */
    List<String> recover() {
        List<String> recovered = new ArrayList<>();
        for (ReplicationJob job : jobs.active()) {
            if (recover(job)) {
                recovered.add(job.id());
            }
        }
        return recovered;
    }

    /**
     * Ends one.
     *
     * @throws JobException.Busy if another job has its machine, so that it cannot be ended now
     */
    void end(ReplicationJob dead) {
        if (!recover(dead)) {
            refuseStranger(dead);
        }
    }

    /** Ends what dead processes left behind on the lease's machine. */
    void recover(Lease lease) {
        engine.completePromoted(lease);
        for (ReplicationJob job : jobs.ofMachine(lease.contextId())) {
            if (job.status().active()) {
                engine.recover(lease, job);
            }
        }
    }

    private boolean recover(ReplicationJob job) {
        Optional<LeaseHolder> holder = leases.holder(job.contextId());
        if (holder.filter(found -> !found.dead()).isPresent()) {
            return false;
        }
        Lease lease;
        try {
            lease = leases.acquire(job.contextId(), job.id());
        } catch (JobException.Busy e) {
            return false; // somebody was faster
        }
        try {
            if (engine.completePromoted(lease).contains(job.id())) {
                return true;
            }
            Optional<ReplicationJob> now =
                    jobs.find(job.id()).filter(found -> found.status().active());
            return now.isPresent() && engine.recover(lease, now.get());
        } finally {
            leases.release(lease);
        }
    }

    /** Fails if another job has the machine, so that a dead one cannot be ended now. */
    private void refuseStranger(ReplicationJob dead) {
        Optional<LeaseHolder> stranger = leases.holder(dead.contextId())
                .filter(holder -> !holder.dead() && !holder.jobId().equals(dead.id()));
        if (stranger.isPresent()
                && jobs.find(dead.id()).filter(job -> job.status().active()).isPresent()) {
            LeaseHolder holder = stranger.get();
            throw new JobException.Busy(
                    "the process of job %s is gone, and job %s works on its machine now (process %d on host %s); once that has ended, 'job recover' makes this one restartable"
                            .formatted(
                                    dead.id(),
                                    holder.jobId(),
                                    holder.owner().pid(),
                                    holder.owner().host()),
                    holder.jobId(),
                    holder.owner().host(),
                    holder.owner().pid());
        }
    }
}
