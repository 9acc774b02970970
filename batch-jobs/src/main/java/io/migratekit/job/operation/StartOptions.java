package io.migratekit.job.operation;

import io.migratekit.config.Replication.Fallback;
import io.migratekit.job.Mode;
import io.migratekit.job.ledger.ReplicationJob;
import java.util.Optional;

/**
 * What a person asks for when starting a replication.
 *
 * @param mode how much
 * @param fallback what to do when incremental is not possible; empty: as configured
 * @param targetIsZero every byte of the targets is zero
 * @param unsafeTarget a target that offers no FLUSH is accepted
 */
public record StartOptions(Mode mode, Optional<Fallback> fallback, boolean targetIsZero, boolean unsafeTarget) {

    /** Incremental where possible, with the configured fallback. */
    public static StartOptions defaults() {
        return new StartOptions(Mode.AUTO, Optional.empty(), false, false);
    }

    /** The same in another mode; one that differs from an unfinished job's gives that job up. */
    public StartOptions withMode(Mode other) {
        return new StartOptions(other, fallback, targetIsZero, unsafeTarget);
    }

    ReplicationJob.Options resolved(Fallback configured) {
        return new ReplicationJob.Options(mode, fallback.orElse(configured), targetIsZero, unsafeTarget);
    }
}
