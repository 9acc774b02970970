package io.migratekit.job.verification;

import io.migratekit.job.lease.Lease;
import io.migratekit.job.ledger.Machine;
import io.migratekit.target.StopSignal;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One verification while this process runs it. */
final class VerificationRun implements StopSignal {
    private final Lease lease;
    private final Machine machine;
    private final Sample sample;
    private final Findings findings;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile BooleanSupplier leaseLost = () -> false;
    private volatile boolean stopping;

    VerificationRun(Lease lease, Machine machine, Sample sample, Findings findings) {
        this.lease = lease;
        this.machine = machine;
        this.sample = sample;
        this.findings = findings;
    }

    Lease lease() {
        return lease;
    }

    Machine machine() {
        return machine;
    }

    Sample sample() {
        return sample;
    }

    Findings findings() {
        return findings;
    }

    void watch(BooleanSupplier lost) {
        leaseLost = lost;
    }

    void requestStop() {
        stopping = true;
    }

    @Override
    public boolean stopping() {
        return stopping || leaseLost.getAsBoolean();
    }

    void failed(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }
}
