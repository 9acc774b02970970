/**
 * What the daemon knows: volumes, where they are attached, exports, snapshot sets, and the journal of operations, in the
 * database. Every change is fenced by the daemon's lease. Knows nothing of back ends. Start at {@link
 * io.migratekit.volume.ledger.VolumeLedger}.
 */
@NullMarked
package io.migratekit.volume.ledger;

import org.jspecify.annotations.NullMarked;
