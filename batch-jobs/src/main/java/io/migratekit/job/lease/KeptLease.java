package io.migratekit.job.lease;

import io.migratekit.job.JobException;
import java.time.Duration;
import java.util.List;

/**
 * A lease that is kept alive by a heartbeat while something is done that may take longer than an owner may be silent.
 * Closing it gives the lease back.
 */
public final class KeptLease implements AutoCloseable {
    private final Leases leases;
    private final FencedWrites fenced;
    private final Lease lease;
    private final Heartbeat heartbeat;

    private KeptLease(Leases leases, FencedWrites fenced, Lease lease, Heartbeat heartbeat) {
        this.leases = leases;
        this.fenced = fenced;
        this.lease = lease;
        this.heartbeat = heartbeat;
    }

    /**
     * Takes the lease of a machine and keeps it.
     *
     * @param interval of the heartbeat
     * @param timeout silence after which others may take over, as the lease has it
     * @throws JobException.Busy as {@link Leases#acquire}
     */
    public static KeptLease acquire(
            Leases leases, FencedWrites fenced, String contextId, String jobId, Duration interval, Duration timeout) {
        Lease lease = leases.acquire(contextId, jobId);
        Heartbeat heartbeat = Heartbeat.start(leases, lease, interval, timeout, () -> {}, List.of());
        return new KeptLease(leases, fenced, lease, heartbeat);
    }

    /** Returns the lease, for writes that are fenced by it. */
    public Lease lease() {
        return lease;
    }

    /**
     * Asks the database whether the machine is still ours; to be called before each thing that cannot be taken back.
     *
     * @throws JobException.Failed if another process has it
     */
    public void check() {
        fenced.run(lease, () -> {});
    }

    @Override
    public void close() {
        heartbeat.close();
        leases.release(lease);
    }
}
