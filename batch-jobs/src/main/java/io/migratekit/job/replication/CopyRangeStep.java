package io.migratekit.job.replication;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.job.JobException;
import io.migratekit.job.joblog.JobEvent.Level;
import io.migratekit.job.joblog.JobLog;
import io.migratekit.source.extent.ExtentRun;
import io.migratekit.source.extent.ExtentRunReader;
import io.migratekit.target.CopyProgress;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;

/**
 * Copies one range of one disk: a chunk-oriented step whose chunks are one run of extents each. Order per chunk: the run
 * is written and flushed, then the cursor is stored. The transaction is resourceless, so that no database connection is
 * held while bytes move.
 */
final class CopyRangeStep implements Step {
    static final String NAME = "copyRange";

    private final RunningReplications runs;
    private final JobRepository repository;
    private final RangeCopies copies;
    private final ProgressStore store;
    private final JobLog jobLog;
    private final MigrateKitSettings settings;

    CopyRangeStep(
            RunningReplications runs,
            JobRepository repository,
            RangeCopies copies,
            ProgressStore store,
            JobLog jobLog,
            MigrateKitSettings settings) {
        this.runs = runs;
        this.repository = repository;
        this.copies = copies;
        this.store = store;
        this.jobLog = jobLog;
        this.settings = settings;
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public void execute(StepExecution step) throws JobInterruptedException {
        ReplicationRun run = runs.of(step);
        RangeCopyState range = run.range(step.getStepName().substring(NAME.length() + 1));
        DiskCopy disk = run.disk(range.key());
        if (range.startedBefore()) {
            step.setExecutionContext(new ExecutionContext(range.earlier()));
        }
        // Not entered into the run: a stop must not end it between two chunks, but where its writer has come to.
        copy(run, disk, range, step);
        checkWhole(run, range, step);
        tellFailure(run, range, step);
    }

    private void copy(ReplicationRun run, DiskCopy disk, RangeCopyState range, StepExecution step)
            throws JobInterruptedException {
        ChunkSize chunkSize = new ChunkSize(settings.chunk(), settings.copy().window());
        ExtentRunReader reader = new ExtentRunReader(
                disk.map(), range.range(), chunkSize, settings.copy().window().toBytes(), range.startedBefore());
        CopyProgress progress = new CopyProgress(new CopyEvents(jobLog, run.jobId(), run::named, range.name()));
        RangeWriter writer =
                new RangeWriter(run, disk, range, reader, progress, chunkSize, copies, store, step::setTerminateOnly);
        Step chunks = new StepBuilder(step.getStepName(), PatientCommits.of(repository, run::checkLease))
                        .<ExtentRun, ExtentRun>chunk(1)
                        .transactionManager(new ResourcelessTransactionManager())
                        .reader(writer.closingAfter(reader))
                        .writer(writer)
                        .stream(reader)
                        .stream(writer)
                        .build();
        chunks.execute(step);
    }

    /**
     * Lets the other ranges end where this one has failed, whatever it was: Batch keeps what a commit or a reader throws to
     * itself until all of them have ended, which may be hours later.
     */
    private void tellFailure(ReplicationRun run, RangeCopyState range, StepExecution step) {
        if (step.getStatus() == BatchStatus.COMPLETED || step.getStatus() == BatchStatus.STOPPED) {
            return;
        }
        Throwable failure = step.getFailureExceptions().stream()
                .findFirst()
                .orElseGet(() -> new JobException.Failed(
                        "range %s ended as %s; restart job %s".formatted(range.name(), step.getStatus(), run.jobId())));
        run.failed(failure);
        jobLog.event(
                run.jobId(),
                Level.ERROR,
                "range.failed",
                "%s: %s. What it has committed stays; the other ranges end at their next commit"
                        .formatted(range.name(), Explain.of(failure, run::named).getMessage()));
    }

    /** A step that was interrupted can look complete to Batch; only the stored cursor says whether it is. */
    private void checkWhole(ReplicationRun run, RangeCopyState range, StepExecution step) {
        if (step.getStatus() != BatchStatus.COMPLETED || range.completeIn(step.getExecutionContext())) {
            return;
        }
        JobException.Failed failure = new JobException.Failed(
                "range %s ended before its end; restart job %s".formatted(range.name(), run.jobId()));
        run.failed(failure);
        jobLog.event(run.jobId(), Level.ERROR, "range.incomplete", String.valueOf(failure.getMessage()));
        step.setStatus(BatchStatus.FAILED);
        step.setExitStatus(ExitStatus.FAILED);
        step.addFailureException(failure);
        repository.update(step);
    }
}
