package io.migratekit.job.replication;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * What Batch's repository knows of ranges. The last execution alone does not tell: a process that dies between making
 * an execution and storing its context leaves an empty one, so the farthest cursor of all executions counts.
 */
final class RangeHistory {
    private final JobRepository repository;

    RangeHistory(JobRepository repository) {
        this.repository = repository;
    }

    /** Lets the ranges go on from where the earlier executions of their job came to. */
    void load(StepExecution manager, Collection<RangeCopyState> ranges) {
        Map<String, RangeCopyState> byStep = new HashMap<>();
        ranges.forEach(range -> byStep.put(stepName(range), range));
        List<JobExecution> oldestFirst = new ArrayList<>(
                repository.getJobExecutions(manager.getJobExecution().getJobInstance()));
        oldestFirst.sort(Comparator.comparingLong(JobExecution::getId));
        for (JobExecution execution : oldestFirst) {
            if (execution.getId() == manager.getJobExecutionId()) {
                continue;
            }
            for (StepExecution step : execution.getStepExecutions()) {
                RangeCopyState range = byStep.get(step.getStepName());
                if (range != null) {
                    range.resume(step.getExecutionContext(), step.getStatus() == BatchStatus.STOPPED);
                }
            }
        }
    }

    /** Reads back whether all of the range is durable: its last execution is complete, and its cursor is at the end. */
    boolean complete(StepExecution anyStep, RangeCopyState range) {
        JobInstance instance = anyStep.getJobExecution().getJobInstance();
        StepExecution last = repository.getLastStepExecution(instance, stepName(range));
        return last != null
                && last.getStatus() == BatchStatus.COMPLETED
                && range.completeIn(last.getExecutionContext());
    }

    private static String stepName(RangeCopyState range) {
        return CopyRangeStep.NAME + ":" + range.name();
    }
}
