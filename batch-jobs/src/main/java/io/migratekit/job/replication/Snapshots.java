package io.migratekit.job.replication;

import io.migratekit.job.JobException;
import io.migratekit.job.joblog.JobEvent.Level;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.ReplicationJobs;
import io.migratekit.source.SourceMachine;
import io.migratekit.source.SourceSnapshot;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes, finds again and removes the snapshot of a job. They are named after it, so that leftovers can be told. */
final class Snapshots {
    private static final String PREFIX = ReplicationJob.SNAPSHOT_PREFIX;

    /**
     * How many that cannot be removed a machine may have before another one is added: each slows it down and takes space
     * of its datastore, and what keeps one from being removed keeps the next.
     */
    private static final int LEFTOVERS_MAX = 3;

    /** How old a snapshot may be that an unfinished job holds before people are told. */
    private static final Duration AGE_MAX = Duration.ofDays(1);

    private final ReplicationJobs jobs;
    private final JobLog jobLog;
    private final Clock clock;

    Snapshots(ReplicationJobs jobs, JobLog jobLog, Clock clock) {
        this.jobs = jobs;
        this.jobLog = jobLog;
        this.clock = clock;
    }

    /**
     * The job's snapshot.
     *
     * @param snapshot it
     * @param generation 0 for the first; grows when a lost one had to be replaced
     */
    record Held(SourceSnapshot snapshot, int generation) {}

    static String name(String jobId) {
        return PREFIX + jobId;
    }

    /** Finds the job's snapshot, or takes a new one where there is none or it is gone. */
    Held hold(ReplicationRun run, ReplicationJob job) throws IOException {
        SourceMachine source = run.source();
        int generation = job.snapshotGeneration();
        if (job.snapshot().isPresent()) {
            Optional<SourceSnapshot> found = source.findSnapshot(job.snapshot().get());
            if (found.isPresent()) {
                tellOfAge(run, job, found.get());
                return new Held(found.get(), generation);
            }
            jobLog.event(
                    run.jobId(),
                    Level.WARN,
                    "snapshot.lost",
                    "snapshot %s is gone at the source; a new one is taken, and everything since the last restore point is copied"
                            .formatted(job.snapshot().get()));
            generation++;
        }
        run.checkStop();
        // An answer that was lost may have left one behind under our name.
        for (SourceSnapshot forgotten : source.snapshots(name(run.jobId()))) {
            forgotten.remove();
        }
        Instant asked = clock.instant(); // it holds nothing older than this
        SourceSnapshot taken = source.takeSnapshot(name(run.jobId()));
        Instant moment = taken.moment().orElse(asked);
        jobs.snapshot(run.lease(), taken.reference(), moment, generation);
        jobLog.event(
                run.jobId(),
                Level.INFO,
                "snapshot.taken",
                "snapshot %s, which holds the moment %s".formatted(taken.name(), moment));
        for (String note : taken.notes()) {
            jobLog.event(run.jobId(), Level.WARN, "snapshot.note", note);
        }
        return new Held(taken, generation);
    }

    /** A snapshot grows with all that its machine writes. */
    private void tellOfAge(ReplicationRun run, ReplicationJob job, SourceSnapshot snapshot) {
        Duration age = Duration.between(job.createdAt(), clock.instant());
        if (age.compareTo(AGE_MAX) > 0) {
            jobLog.event(
                    run.jobId(),
                    Level.WARN,
                    "snapshot.old",
                    "snapshot %s is about %d hours old and grows until this job ends; 'replicate start --mode full' or '--mode incremental' takes a new one instead"
                            .formatted(snapshot.name(), age.toHours()));
        }
    }

    /** Keeps the snapshot, but begins anew with it: new change maps and ranges, to which no old cursor belongs. */
    Held nextGeneration(ReplicationRun run, Held held) {
        Held next = new Held(held.snapshot(), held.generation() + 1);
        jobs.generation(run.lease(), next.generation());
        return next;
    }

    /**
     * Removes what earlier jobs of the same machine left behind; never other people's, never other machines'. One that
     * stays does the copy no harm, so it goes on and says so, unless there are too many.
     *
     * @throws JobException.Failed if {@link #LEFTOVERS_MAX} or more stay
     */
    void removeLeftovers(ReplicationRun run) throws IOException {
        List<String> staying = new ArrayList<>();
        for (SourceSnapshot leftover : run.source().snapshots(PREFIX)) {
            String owner = leftover.name().substring(PREFIX.length());
            if (jobs.belongs(owner, run.machine().contextId()) && !owner.equals(run.jobId())) {
                removeLeftover(run, leftover, owner).ifPresent(staying::add);
            }
        }
        if (staying.size() >= LEFTOVERS_MAX) {
            throw new JobException.Failed(
                    "%s has %d snapshots of earlier jobs that cannot be removed, and no more is added to them: %s. See what holds them at the source, then restart job %s"
                            .formatted(run.machine().title(), staying.size(), String.join("; ", staying), run.jobId()));
        }
    }

    /** Returns why it stays, if it does. */
    private Optional<String> removeLeftover(ReplicationRun run, SourceSnapshot leftover, String owner) {
        try {
            leftover.remove();
        } catch (IOException e) {
            String stays = "snapshot %s, left behind by job %s, could not be removed again: %s"
                    .formatted(leftover.name(), owner, Explain.message(e));
            run.leaves(stays + ". The next replication tries again");
            jobLog.event(run.jobId(), Level.WARN, "snapshot.leftover", stays);
            return Optional.of(stays);
        }
        jobs.forgetSnapshot(run.lease(), owner);
        jobLog.event(
                run.jobId(),
                Level.INFO,
                "snapshot.leftover.removed",
                "snapshot %s, left behind by job %s, is removed".formatted(leftover.name(), owner));
        return Optional.empty();
    }

    /** Removes the job's snapshot; that it fails is no reason to call the copy failed. */
    void release(ReplicationRun run) {
        Optional<SourceSnapshot> held = run.snapshot();
        if (held.isEmpty()) {
            return;
        }
        try {
            held.get().remove();
            jobs.forgetSnapshot(run.lease(), run.jobId());
            jobLog.event(
                    run.jobId(),
                    Level.INFO,
                    "snapshot.removed",
                    "snapshot " + held.get().name());
        } catch (IOException e) {
            String toDo =
                    "the copy is complete and promoted, but snapshot %s could not be removed: %s. The next replication tries again"
                            .formatted(held.get().name(), Explain.message(e));
            run.leaves(toDo);
            jobLog.event(run.jobId(), Level.WARN, "snapshot.leftover", toDo);
        }
    }
}
