package io.migratekit.job.replication;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.ProcessIdentity;
import io.migratekit.job.JobException;
import io.migratekit.job.JobStatus;
import io.migratekit.job.joblog.JobEvent.Level;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.joblog.StopLog;
import io.migratekit.job.lease.Heartbeat;
import io.migratekit.job.lease.Lease;
import io.migratekit.job.lease.Leases;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.ReplicationJobs;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;

/**
 * Runs replications in this process: one call runs one start of a job to its end, on the calling thread, under the
 * machine's lease.
 */
public final class ReplicationEngine {
    /** Name of its jobs in Batch. */
    public static final String JOB = "replication";

    private static final Logger LOG = LoggerFactory.getLogger(ReplicationEngine.class);

    private final Job job;
    private final JobOperator operator;
    private final BatchRecovery recovery;
    private final RunningReplications runs;
    private final ReplicationJobs jobs;
    private final ProgressStore progress;
    private final JobLog jobLog;
    private final Leases leases;
    private final ProcessIdentity self;
    private final DatabaseFile databaseFile;
    private final MigrateKitSettings settings;
    private volatile Optional<String> ending = Optional.empty();

    ReplicationEngine(
            Job job,
            JobOperator operator,
            BatchRecovery recovery,
            RunningReplications runs,
            ReplicationJobs jobs,
            ProgressStore progress,
            JobLog jobLog,
            Leases leases,
            ProcessIdentity self,
            DatabaseFile databaseFile,
            MigrateKitSettings settings) {
        this.job = job;
        this.operator = operator;
        this.recovery = recovery;
        this.runs = runs;
        this.jobs = jobs;
        this.progress = progress;
        this.jobLog = jobLog;
        this.leases = leases;
        this.self = self;
        this.databaseFile = databaseFile;
        this.settings = settings;
    }

    /**
     * Runs a job that is entered in the ledger to the end of this start, and gives the lease back.
     *
     * @param lease of the machine, held for this job
     * @param restart whether it was started before
     * @throws JobException if it did not come to its end; a stop on request is no failure
     */
    public ReplicationResult run(Lease lease, Machine machine, boolean restart) {
        try {
            jobs.begin(lease, restart); // before the first heartbeat, which looks for a stop request of this start
            runBeating(lease, machine, restart);
        } finally {
            giveBack(lease);
        }
        return ReplicationResult.of(jobs.find(lease.jobId()).orElseThrow());
    }

    private void runBeating(Lease lease, Machine machine, boolean restart) {
        ReplicationRun run =
                new ReplicationRun(lease, machine, jobs.find(lease.jobId()).orElseThrow());
        Heartbeat heartbeat = Heartbeat.start(
                leases,
                lease,
                settings.lease().heartbeat(),
                settings.lease().timeout(),
                run::requestStop,
                List.of(() -> look(run), () -> progress.store(run)));
        run.watch(heartbeat::lost);
        try {
            runs.add(run);
            ending.ifPresent(why -> requestStop(run.jobId(), why));
            begin(run, restart);
            execute(run);
        } finally {
            runs.remove(run);
            run.close();
            heartbeat.close();
        }
    }

    /**
     * Completes what ended behind its promotion; the caller holds the machine's lease. Of such a job at most its snapshot
     * is left, and the next replication removes that.
     */
    public List<String> completePromoted(Lease lease) {
        List<String> completed = jobs.completePromoted(lease);
        for (String id : completed) {
            recovery.recover(job, parameters(id));
            jobLog.event(
                    id,
                    Level.WARN,
                    "completed.late",
                    "it had made its restore point before it ended, so it is complete; what its snapshot holds at the source goes with the next replication");
            jobLog.end(id, "completed", Optional.empty());
        }
        return completed;
    }

    /** Ends what a dead process left running of the job; the caller holds the machine's lease. */
    public boolean recover(Lease lease, ReplicationJob dead) {
        boolean found = recovery.recover(job, parameters(dead.id()));
        if (dead.status().active()) {
            jobs.endDead(lease, dead.id());
            jobLog.event(
                    dead.id(),
                    Level.WARN,
                    "recovered",
                    "the process that ran it died; what was committed stays, and a restart goes on from there");
            jobLog.end(dead.id(), "failed", Optional.of("its process died"));
        }
        return found || dead.status().active();
    }

    /** Returns how far a job is that this process runs. */
    public Optional<ReplicationProgress> progress(String jobId) {
        return runs.find(jobId).map(ReplicationProgress::of);
    }

    /**
     * Lets a job of this process end at its next commit.
     *
     * @param why for the joblog, as in "its process is ending"
     * @return false if it does not run here
     */
    public boolean requestStop(String jobId, String why) {
        Optional<ReplicationRun> run = runs.find(jobId);
        run.filter(found -> !found.stopping()).ifPresent(found -> {
            found.requestStop();
            stopLog().asked(jobId, why);
        });
        return run.isPresent();
    }

    /**
     * Lets all jobs of this process end at their next commit, also those that are only beginning.
     *
     * @param why for the joblog, as in "its process is ending"
     */
    public void endAll(String why) {
        ending = Optional.of(why);
        running().forEach(job -> requestStop(job, why));
    }

    /** Takes note of who wants a job to stop that another process runs, which looks for that at its heartbeats. */
    public void stopAsked(String jobId, String why) {
        stopLog().asked(jobId, why);
    }

    private StopLog stopLog() {
        return new StopLog(jobLog, self);
    }

    /** Returns the jobs that this process runs. */
    public List<String> running() {
        return runs.all().stream().map(ReplicationRun::jobId).toList();
    }

    private void look(ReplicationRun run) {
        try {
            databaseFile.check();
        } catch (JobException.Failed e) {
            run.failed(e);
        }
        if (!run.stopping() && jobs.stopRequested(run.jobId())) {
            run.requestStop();
        }
    }

    private void begin(ReplicationRun run, boolean restart) {
        Machine machine = run.machine();
        jobLog.begin(run.jobId(), "replication", machine.title(), machine.contextId(), self.host() + ":" + self.pid());
        if (restart) {
            recovery.recover(job, parameters(run.jobId()));
            jobLog.event(run.jobId(), Level.INFO, "restarted", "it goes on from its last commits");
        }
    }

    private void execute(ReplicationRun run) {
        Outcome outcome;
        try {
            JobExecution execution = operator.start(job, parameters(run.jobId()));
            jobs.execution(run.lease(), execution.getId());
            outcome = Outcome.of(run, execution);
        } catch (JobExecutionException | RuntimeException e) {
            run.failed(e);
            outcome = Outcome.failed(run, run.failure().orElse(e));
        }
        end(run, outcome);
        if (outcome.exception().isPresent()) {
            throw outcome.exception().get();
        }
    }

    private void end(ReplicationRun run, Outcome outcome) {
        Optional<String> message = outcome.exception().map(Explain::message);
        try {
            progress.store(run);
            if (outcome.status() == JobStatus.STOPPED) {
                var done = run.meter().counters(run.disks());
                stopLog()
                        .stopped(
                                run.jobId(),
                                done.copiedBytes() + done.zeroedBytes() + done.skippedBytes(),
                                done.totalBytes(),
                                "'replicate restart %s' goes on from there".formatted(run.jobId()));
            }
            jobs.end(
                    run.lease(),
                    outcome.status(),
                    message,
                    outcome.exception().map(exception -> exception.getClass().getSimpleName()));
            jobLog.end(run.jobId(), outcome.joblogWord(), message);
        } catch (RuntimeException e) {
            // The database is away or the lease is lost: the next holder of the lease recovers the job.
            LOG.error("the end of job {} could not be stored", run.jobId(), e);
        }
        message.ifPresent(
                text -> LOG.warn("job {}: {}", run.jobId(), text, run.failure().orElse(null)));
    }

    private void giveBack(Lease lease) {
        try {
            leases.release(lease);
        } catch (RuntimeException e) {
            LOG.warn("the lease of job {} could not be given back; it ends by itself", lease.jobId(), e);
        }
    }

    private static JobParameters parameters(String jobId) {
        return new JobParametersBuilder()
                .addString(RunningReplications.JOB_ID, jobId)
                .toJobParameters();
    }
}
