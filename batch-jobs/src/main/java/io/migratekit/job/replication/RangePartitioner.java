package io.migratekit.job.replication;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.core.scope.context.StepContext;
import org.springframework.batch.core.scope.context.StepSynchronizationManager;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/** Gives each range of each disk a partition of its own; the names are the same at each start of the job. */
final class RangePartitioner implements Partitioner {
    private final RunningReplications runs;
    private final RangeHistory history;

    RangePartitioner(RunningReplications runs, RangeHistory history) {
        this.runs = runs;
        this.history = history;
    }

    @Override
    public Map<String, ExecutionContext> partition(int gridSize) {
        StepContext context = StepSynchronizationManager.getContext();
        if (context == null) {
            throw new IllegalStateException("partitions are made inside a step only");
        }
        StepExecution manager = context.getStepExecution();
        ReplicationRun run = runs.of(manager);
        List<RangeCopyState> ranges =
                run.disks().stream().flatMap(disk -> disk.ranges().stream()).toList();
        history.load(manager, ranges);
        Map<String, ExecutionContext> partitions = new LinkedHashMap<>();
        ranges.forEach(range -> partitions.put(range.name(), range.earlier()));
        return partitions;
    }
}
