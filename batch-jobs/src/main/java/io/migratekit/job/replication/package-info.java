/**
 * The replication job: prepare, plan, copy, promote, release. Knows the ports of sources, the copier of one range and
 * the ledger; knows nothing of consoles. Start at {@link io.migratekit.job.replication.ReplicationEngine}.
 */
@NullMarked
package io.migratekit.job.replication;

import org.jspecify.annotations.NullMarked;
