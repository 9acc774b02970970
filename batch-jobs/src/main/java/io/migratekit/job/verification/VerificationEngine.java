package io.migratekit.job.verification;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.config.ProcessIdentity;
import io.migratekit.job.JobException;
import io.migratekit.job.JobStatus;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.joblog.StopLog;
import io.migratekit.job.lease.Heartbeat;
import io.migratekit.job.lease.Lease;
import io.migratekit.job.lease.Leases;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.VerificationJob;
import io.migratekit.job.ledger.VerificationJobs;
import io.migratekit.job.replication.Explain;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;

/** Runs verifications in this process, on the calling thread, under the machine's lease. */
public final class VerificationEngine {
    /** Name of its jobs in Batch. */
    public static final String JOB = "verification";

    private static final Logger LOG = LoggerFactory.getLogger(VerificationEngine.class);
    private static final String JOB_ID = "jobId";

    private final JobOperator operator;
    private final Job job;
    private final Comparison comparison;
    private final VerificationJobs jobs;
    private final JobLog jobLog;
    private final Leases leases;
    private final ProcessIdentity self;
    private final MigrateKitSettings settings;
    private final Map<String, VerificationRun> runs = new ConcurrentHashMap<>();
    private volatile Optional<String> ending = Optional.empty();

    VerificationEngine(
            JobOperator operator,
            JobRepository repository,
            Comparison comparison,
            VerificationJobs jobs,
            JobLog jobLog,
            Leases leases,
            ProcessIdentity self,
            MigrateKitSettings settings) {
        this.operator = operator;
        this.comparison = comparison;
        this.jobs = jobs;
        this.jobLog = jobLog;
        this.leases = leases;
        this.self = self;
        this.settings = settings;
        this.job = new JobBuilder(JOB, repository)
                .start(new StepBuilder("compare", repository)
                        .tasklet(
                                (contribution, context) -> {
                                    compare(contribution.getStepExecution());
                                    return RepeatStatus.FINISHED;
                                },
                                new ResourcelessTransactionManager())
                        .build())
                .build();
    }

    /**
     * Runs a job that is entered in the ledger to its end, and gives the lease back.
     *
     * @throws JobException if it did not come to its end; a difference, or a stop on request, is no failure
     */
    public VerificationResult run(Lease lease, Machine machine, double percent, long seed) {
        VerificationRun run = new VerificationRun(lease, machine, new Sample(percent, seed), new Findings(lease, jobs));
        Heartbeat heartbeat = Heartbeat.start(
                leases,
                lease,
                settings.lease().heartbeat(),
                settings.lease().timeout(),
                run::requestStop,
                List.of(
                        () -> look(run),
                        () -> jobs.counters(lease, run.findings().counters())));
        run.watch(heartbeat::lost);
        runs.put(lease.jobId(), run);
        ending.ifPresent(why -> requestStop(lease.jobId(), why));
        try {
            jobLog.begin(
                    lease.jobId(),
                    "verification",
                    machine.title(),
                    machine.contextId(),
                    self.host() + ":" + self.pid());
            execute(run);
            return VerificationResult.of(jobs.find(lease.jobId()).orElseThrow(), jobs.differences(lease.jobId()));
        } finally {
            runs.remove(lease.jobId());
            heartbeat.close();
            leases.release(lease);
        }
    }

    /** Returns how far a job is that this process runs. */
    public Optional<VerificationJob.Counters> progress(String jobId) {
        return Optional.ofNullable(runs.get(jobId)).map(run -> run.findings().counters());
    }

    /**
     * Lets a job of this process end soon.
     *
     * @param why for the joblog, as in "its process is ending"
     * @return false if it does not run here
     */
    public boolean requestStop(String jobId, String why) {
        Optional<VerificationRun> run = Optional.ofNullable(runs.get(jobId));
        run.filter(found -> !found.stopping()).ifPresent(found -> {
            found.requestStop();
            stopLog().asked(jobId, why);
        });
        return run.isPresent();
    }

    /** Takes note of who wants a job to stop that another process runs, which looks for that at its heartbeats. */
    public void stopAsked(String jobId, String why) {
        stopLog().asked(jobId, why);
    }

    private StopLog stopLog() {
        return new StopLog(jobLog, self);
    }

    /**
     * Lets all jobs of this process end soon, also those that are only beginning.
     *
     * @param why for the joblog, as in "its process is ending"
     */
    public void endAll(String why) {
        ending = Optional.of(why);
        running().forEach(job -> requestStop(job, why));
    }

    /** Returns the jobs that this process runs. */
    public List<String> running() {
        return List.copyOf(runs.keySet());
    }

    private void look(VerificationRun run) {
        if (jobs.stopRequested(run.lease().jobId())) {
            run.requestStop();
        }
    }

    private void compare(StepExecution step) throws Exception {
        String jobId = Objects.requireNonNull(step.getJobParameters().getString(JOB_ID), "job id");
        VerificationRun run = Objects.requireNonNull(runs.get(jobId), "verification");
        int number = jobLog.beginStep(jobId, step.getStepName());
        try {
            comparison.compare(run);
            jobLog.endStep(jobId, number, run.stopping() ? "stopped" : "completed", Optional.empty());
        } catch (Exception e) {
            if (run.stopping()) {
                LOG.info("verification {} ended by this while it was stopping", jobId, e);
                jobLog.endStep(jobId, number, "stopped", Optional.empty());
                return;
            }
            run.failed(e);
            jobLog.endStep(jobId, number, "failed", Optional.of(Explain.message(e)));
            throw e;
        }
    }

    private void execute(VerificationRun run) {
        String jobId = run.lease().jobId();
        try {
            JobExecution execution = operator.start(
                    job, new JobParametersBuilder().addString(JOB_ID, jobId).toJobParameters());
            if (execution.getStatus() != BatchStatus.COMPLETED && run.failure().isEmpty()) {
                run.failed(
                        new JobException.Failed("verification %s ended as %s".formatted(jobId, execution.getStatus())));
            }
        } catch (JobExecutionException | RuntimeException e) {
            run.failed(e);
        }
        Optional<JobException> failure = run.failure().map(Explain::of);
        JobStatus status = status(run, failure.isPresent());
        VerificationJob.Counters done = run.findings().counters();
        jobs.counters(run.lease(), done);
        if (status == JobStatus.STOPPED) {
            stopLog().stopped(jobId, done.comparedBytes(), done.totalBytes(), "'verify' begins anew");
        }
        jobs.end(run.lease(), status, failure.map(Explain::message));
        jobLog.end(
                jobId,
                status == JobStatus.COMPLETED || status == JobStatus.DIFFERENT
                        ? "completed"
                        : status == JobStatus.STOPPED ? "cancelled" : "failed",
                failure.map(Explain::message));
        if (failure.isPresent()) {
            LOG.warn(
                    "verification {}: {}",
                    jobId,
                    failure.get().getMessage(),
                    run.failure().orElse(null));
            throw failure.get();
        }
    }

    private static JobStatus status(VerificationRun run, boolean failed) {
        if (failed) {
            return JobStatus.FAILED;
        }
        if (run.stopping()) {
            return JobStatus.STOPPED;
        }
        return run.findings().counters().differences() == 0 ? JobStatus.COMPLETED : JobStatus.DIFFERENT;
    }
}
