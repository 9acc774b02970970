/**
 * Machines that run from volumes, where a failover brings them up: made stopped, started, stopped and removed, and what
 * a cloud offers to make them of. Knows nothing of the ledger or of how a cloud is asked. Start at {@link
 * io.migratekit.volume.compute.Machines}.
 */
@NullMarked
package io.migratekit.volume.compute;

import org.jspecify.annotations.NullMarked;
