package io.migratekit.job.replication;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/** Runs one piece of work on the run that a step belongs to; a stop on request is no failure. */
final class RunTasklet implements Tasklet {
    private final RunningReplications runs;
    private final Work work;

    /** What a step does. */
    @FunctionalInterface
    interface Work {
        void on(ReplicationRun run) throws Exception;
    }

    RunTasklet(RunningReplications runs, Work work) {
        this.runs = runs;
        this.work = work;
    }

    @Override
    public @Nullable RepeatStatus execute(StepContribution contribution, ChunkContext context) throws Exception {
        ReplicationRun run = runs.of(contribution.getStepExecution());
        try {
            run.checkStop();
            work.on(run);
        } catch (StopRequested e) {
            throw new JobInterruptedException("stopped on request");
        } catch (Exception e) {
            run.failed(e);
            throw e;
        }
        return RepeatStatus.FINISHED;
    }
}
