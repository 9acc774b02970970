/**
 * What serves volumes by NBD while a replication writes them. Knows nothing of the ledger, back ends' clouds or HTTP.
 * Start at {@link io.migratekit.volume.export.ExportEngines}.
 */
@NullMarked
package io.migratekit.volume.export;

import org.jspecify.annotations.NullMarked;
