package io.migratekit.job.replication;

import io.migratekit.job.JobException;
import io.migratekit.job.JobStatus;
import java.util.List;
import java.util.Optional;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;

/** What became of one start. */
record Outcome(JobStatus status, Optional<JobException> exception) {

    static Outcome of(ReplicationRun run, JobExecution execution) {
        run.checkLease(); // whoever lost the machine has no say in how its job ended
        if (execution.getStatus() == BatchStatus.COMPLETED) {
            return new Outcome(JobStatus.COMPLETED, run.leftToDo().map(JobException.PartlyDone::new));
        }
        if (run.promoted()) {
            return new Outcome(JobStatus.COMPLETED, Optional.of(new JobException.PartlyDone(unreleased(run))));
        }
        Optional<Throwable> failure = run.failure()
                .or(() -> execution.getStatus() == BatchStatus.STOPPED ? Optional.empty() : cause(execution));
        if (failure.isEmpty() && execution.getStatus() == BatchStatus.STOPPED) {
            return new Outcome(JobStatus.STOPPED, Optional.empty());
        }
        return failed(
                run,
                failure.orElseGet(() -> new JobException.Failed(
                        "job %s ended as %s and does not say why; 'job events %s' tells what happened before. Restart it with 'replicate restart %s'"
                                .formatted(run.jobId(), execution.getStatus(), run.jobId(), run.jobId()))));
    }

    /** Says what is left to do of a job that ended between its promotion and the removal of its snapshot. */
    private static String unreleased(ReplicationRun run) {
        String why = run.failure()
                .map(cause ->
                        "what follows failed: " + Explain.of(cause, run::named).getMessage())
                .orElse("it was asked to stop before its snapshot was removed");
        return "the copy is complete and promoted, but %s. The next replication of %s removes the snapshot"
                .formatted(why, run.machine().title());
    }

    /** Returns what ended it: rather what a step says than that Batch found a step unsuccessful. */
    private static Optional<Throwable> cause(JobExecution execution) {
        List<Throwable> failures = execution.getAllFailureExceptions();
        return failures.stream()
                .filter(failure -> !(failure instanceof JobExecutionException))
                .findFirst()
                .or(() -> failures.stream().findFirst());
    }

    static Outcome failed(ReplicationRun run, Throwable failure) {
        return new Outcome(JobStatus.FAILED, Optional.of(Explain.of(failure, run::named)));
    }

    String joblogWord() {
        return switch (status) {
            case COMPLETED -> "completed";
            case STOPPED -> "cancelled";
            case PENDING, REPLICATING, VERIFYING, FAILED, INTERRUPTED, DIFFERENT, SUPERSEDED -> "failed";
        };
    }
}
