package io.migratekit.job.replication;

import io.migratekit.job.joblog.JobLog;
import io.migratekit.job.ledger.ReplicationJobs;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;

/** Enters each step of the job into the joblog and lets a stop reach it. */
final class StepJournal implements StepExecutionListener {
    private final RunningReplications runs;
    private final JobLog jobLog;
    private final ReplicationJobs jobs;
    private final Map<Long, Integer> numbers = new ConcurrentHashMap<>();

    StepJournal(RunningReplications runs, JobLog jobLog, ReplicationJobs jobs) {
        this.runs = runs;
        this.jobLog = jobLog;
        this.jobs = jobs;
    }

    @Override
    public void beforeStep(StepExecution step) {
        ReplicationRun run = runs.of(step);
        run.phase(step.getStepName());
        run.enter(step);
        numbers.put(step.getId(), jobLog.beginStep(run.jobId(), step.getStepName()));
        jobs.operation(run.lease(), step.getStepName());
    }

    @Override
    public @Nullable ExitStatus afterStep(StepExecution step) {
        ReplicationRun run = runs.of(step);
        run.leave(step);
        Integer number = numbers.remove(step.getId());
        if (number != null) {
            jobLog.endStep(
                    run.jobId(),
                    number,
                    word(step.getStatus()),
                    run.failure().map(Explain::message).map(run::named));
        }
        return null;
    }

    private static String word(BatchStatus status) {
        return switch (status) {
            case COMPLETED -> "completed";
            case STOPPED, STOPPING -> "stopped";
            case STARTING, STARTED, FAILED, ABANDONED, UNKNOWN -> "failed";
        };
    }
}
