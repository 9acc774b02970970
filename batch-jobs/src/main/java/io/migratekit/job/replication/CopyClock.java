package io.migratekit.job.replication;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;

/** Stops the clock of a copy once its last range is flushed and committed. */
final class CopyClock implements StepExecutionListener {
    private final RunningReplications runs;

    CopyClock(RunningReplications runs) {
        this.runs = runs;
    }

    @Override
    public @Nullable ExitStatus afterStep(StepExecution step) {
        runs.of(step).meter().copyEnds();
        return null;
    }
}
