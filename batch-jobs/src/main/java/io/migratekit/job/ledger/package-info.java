/**
 * What is known for certain, in the database: machines and their disks, replications, change maps and restore points.
 * Every write of a running job carries its lease. Knows nothing of Batch or NBD. Start at
 * {@link io.migratekit.job.ledger.Machines} and {@link io.migratekit.job.ledger.ReplicationJobs}.
 */
@NullMarked
package io.migratekit.job.ledger;

import org.jspecify.annotations.NullMarked;
