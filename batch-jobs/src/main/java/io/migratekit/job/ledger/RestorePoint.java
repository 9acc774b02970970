package io.migratekit.job.ledger;

import java.time.Instant;
import java.util.Optional;

/**
 * A moment at which every disk of a machine was whole on its target.
 *
 * @param id grows with time
 * @param jobId the replication that made it
 * @param snapshotName the source's snapshot that it holds
 * @param unsafeTarget a target offers no FLUSH, so that it may not outlive a crash of its server
 * @param moment what the source held then is what the targets hold; by the source's clock where it has one, and empty for
 *     one that an older version made
 * @param createdAt when it was promoted, which may be days later
 */
public record RestorePoint(
        long id,
        String jobId,
        String snapshotName,
        boolean unsafeTarget,
        Optional<Instant> moment,
        Instant createdAt) {}
