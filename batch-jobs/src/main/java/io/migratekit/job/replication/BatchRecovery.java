package io.migratekit.job.replication;

import java.time.LocalDateTime;
import java.time.ZoneId;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * Makes executions that a dead process left behind restartable. Only for holders of the machine's lease: Batch itself
 * does not look whether the process still lives.
 */
final class BatchRecovery {
    private final JobOperator operator;
    private final JobRepository repository;

    BatchRecovery(JobOperator operator, JobRepository repository) {
        this.operator = operator;
        this.repository = repository;
    }

    /** Ends what still claims to run of this job. Returns whether there was anything. */
    boolean recover(Job job, JobParameters parameters) {
        JobInstance instance = repository.getJobInstance(job.getName(), parameters);
        if (instance == null) {
            return false;
        }
        boolean found = false;
        for (JobExecution execution : repository.getJobExecutions(instance)) {
            if (execution.getStatus().isRunning() || execution.getStatus() == BatchStatus.STOPPING) {
                operator.recover(execution);
                found = true;
            }
            found |= endUnknown(execution);
        }
        return found;
    }

    /**
     * Batch refuses to restart what it calls UNKNOWN: its own commit failed, for instance since the database was away. For
     * us that is harmless, since a range goes on from the last cursor that was stored.
     */
    private boolean endUnknown(JobExecution execution) {
        boolean found = false;
        for (StepExecution step : execution.getStepExecutions()) {
            if (step.getStatus() == BatchStatus.UNKNOWN || step.getStatus().isRunning()) {
                step.setStatus(BatchStatus.FAILED);
                step.setExitStatus(ExitStatus.FAILED);
                step.setEndTime(LocalDateTime.now(ZoneId.systemDefault()));
                repository.update(step);
                found = true;
            }
        }
        if (execution.getStatus() == BatchStatus.UNKNOWN) {
            execution.setStatus(BatchStatus.FAILED);
            execution.setExitStatus(ExitStatus.FAILED);
            execution.setEndTime(LocalDateTime.now(ZoneId.systemDefault()));
            repository.update(execution);
            found = true;
        }
        return found;
    }
}
