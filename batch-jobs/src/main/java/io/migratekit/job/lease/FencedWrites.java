package io.migratekit.job.lease;

import io.migratekit.job.JobException;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Lets a job write to the database only while it holds its machine: the lease's row is locked and its epoch compared in
 * the same transaction, so that a process from an older epoch cannot commit anything.
 */
public final class FencedWrites {
    private final JdbcClient sql;
    private final TransactionTemplate transaction;

    public FencedWrites(JdbcClient sql, TransactionTemplate transaction) {
        this.sql = sql;
        this.transaction = transaction;
    }

    /**
     * Runs {@code writes} in one transaction.
     *
     * @throws JobException.Failed if the lease is lost; nothing is written
     */
    public void run(Lease lease, Runnable writes) {
        transaction.executeWithoutResult(status -> {
            check(lease);
            writes.run();
        });
    }

    /** Does the same for writes that return something. */
    public <T> T call(Lease lease, Supplier<T> writes) {
        T[] box = box();
        run(lease, () -> box[0] = writes.get());
        return box[0];
    }

    @SuppressWarnings("unchecked")
    private static <T> T[] box() {
        return (T[]) new Object[1];
    }

    private void check(Lease lease) {
        boolean held = sql.sql("SELECT epoch FROM vm_leases WHERE vm_context_id = ? AND held = 1 FOR UPDATE")
                .param(lease.contextId())
                .query(Long.class)
                .optional()
                .filter(epoch -> epoch == lease.epoch())
                .isPresent();
        if (!held) {
            throw new JobException.Failed(
                    "job %s has lost its machine to another process (its epoch %d is over), so nothing more is done by it. 'replicate list' and 'vm show' say which job has it; once that has ended, run the same command again"
                            .formatted(lease.jobId(), lease.epoch()));
        }
    }
}
