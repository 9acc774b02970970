package io.migratekit.job.replication;

import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.scope.context.StepContext;
import org.springframework.batch.core.scope.context.StepSynchronizationManager;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;

/** Builds the job: prepare, plan, copy, promote, release. Every step runs at each start and knows what is done. */
final class ReplicationSteps {
    private final JobRepository repository;
    private final RunningReplications runs;
    private final StepJournal journal;

    ReplicationSteps(JobRepository repository, RunningReplications runs, StepJournal journal) {
        this.repository = repository;
        this.runs = runs;
        this.journal = journal;
    }

    Job job(
            Preparation preparation,
            Planning planning,
            CopyRangeStep copyRange,
            RangeHistory history,
            Promotion promotion,
            Release release,
            int rangesAtOnce) {
        return new JobBuilder(ReplicationEngine.JOB, repository)
                .start(tasklet("prepare", preparation::prepare))
                .next(tasklet("plan", planning::plan))
                .next(copy(copyRange, history, rangesAtOnce))
                .next(tasklet("promote", promotion::promote))
                .next(tasklet("release", release::release))
                .build();
    }

    /** Ranges wait for others of their own run, never for those of another machine that this process copies as well. */
    private ReplicationRun thisRun() {
        StepContext context = StepSynchronizationManager.getContext();
        if (context == null) {
            throw new IllegalStateException("ranges are started inside a step only");
        }
        return runs.of(context.getStepExecution());
    }

    private Step tasklet(String name, RunTasklet.Work work) {
        return new StepBuilder(name, repository)
                .tasklet(new RunTasklet(runs, work), new ResourcelessTransactionManager())
                .allowStartIfComplete(true)
                .listener(journal)
                .build();
    }

    private Step copy(CopyRangeStep copyRange, RangeHistory history, int rangesAtOnce) {
        return new StepBuilder("copy", repository)
                .partitioner(CopyRangeStep.NAME, new RangePartitioner(runs, history))
                .step(copyRange)
                .taskExecutor(range -> thisRun().startRange(range, rangesAtOnce))
                .allowStartIfComplete(true)
                .listener(journal)
                .listener(new CopyClock(runs))
                .build();
    }
}
