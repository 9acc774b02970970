/**
 * Who may work on a machine: one row per machine with an owner, a heartbeat and an epoch that only grows. Batch's own
 * status is no mutual exclusion. Knows nothing of what the owner does. Start at {@link io.migratekit.job.lease.Leases}.
 */
@NullMarked
package io.migratekit.job.lease;

import org.jspecify.annotations.NullMarked;
