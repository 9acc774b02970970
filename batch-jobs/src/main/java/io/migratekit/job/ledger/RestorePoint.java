package io.migratekit.job.ledger;

import java.time.Instant;

/**
 * A moment at which every disk of a machine was whole on its target.
 *
 * @param id grows with time
 * @param jobId the replication that made it
 * @param snapshotName the source's snapshot that it holds
 * @param unsafeTarget a target offers no FLUSH, so that it may not outlive a crash of its server
 * @param createdAt when it was promoted
 */
public record RestorePoint(long id, String jobId, String snapshotName, boolean unsafeTarget, Instant createdAt) {}
