/**
 * What a back end must be able to do with volumes; the operations of the daemon are made of these calls. Knows nothing
 * of the ledger, exports or HTTP. Start at {@link io.migratekit.volume.backend.VolumeBackend}.
 */
@NullMarked
package io.migratekit.volume.backend;

import org.jspecify.annotations.NullMarked;
