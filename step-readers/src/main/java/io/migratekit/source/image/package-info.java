/**
 * Raw image files: served by our own NBD server while they are read, and planned by the holes that the file system
 * knows of. Their changes are not tracked, so each replication of one is full. Knows nothing of snapshots. Start at
 * {@link io.migratekit.source.image.ServedImage}.
 */
@NullMarked
package io.migratekit.source.image;

import org.jspecify.annotations.NullMarked;
