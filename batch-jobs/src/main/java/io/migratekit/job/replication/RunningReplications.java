package io.migratekit.job.replication;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.batch.core.step.StepExecution;

/** The replications that this process runs now. Batch's steps find theirs by the job id in their parameters. */
final class RunningReplications {
    /** Name of the identifying job parameter that holds our job id. */
    static final String JOB_ID = "jobId";

    private final Map<String, ReplicationRun> runs = new ConcurrentHashMap<>();

    void add(ReplicationRun run) {
        if (runs.putIfAbsent(run.jobId(), run) != null) {
            throw new IllegalStateException("job " + run.jobId() + " runs already in this process");
        }
    }

    void remove(ReplicationRun run) {
        runs.remove(run.jobId(), run);
    }

    Optional<ReplicationRun> find(String jobId) {
        return Optional.ofNullable(runs.get(jobId));
    }

    List<ReplicationRun> all() {
        return List.copyOf(runs.values());
    }

    ReplicationRun of(StepExecution step) {
        String jobId = Objects.requireNonNull(step.getJobParameters().getString(JOB_ID), "job id");
        return find(jobId).orElseThrow(() -> new IllegalStateException("job " + jobId + " does not run here"));
    }
}
