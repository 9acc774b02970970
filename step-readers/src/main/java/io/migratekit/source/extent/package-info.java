/**
 * Runs of bytes on a disk, the stored map of what is to be copied, and the Batch reader that walks it in ascending
 * order. Knows nothing of NBD or where the map came from. Start at {@link io.migratekit.source.extent.ChangeMap}.
 */
@NullMarked
package io.migratekit.source.extent;

import org.jspecify.annotations.NullMarked;
