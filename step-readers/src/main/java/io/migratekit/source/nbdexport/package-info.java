/**
 * Disks served by somebody's NBD server: full copies by {@code base:allocation}, incremental ones by a qemu dirty
 * bitmap that the URI names. Knows nothing of snapshots.
 *
 * <h2>The change id of such a disk</h2>
 *
 * A dirty bitmap says what was written since it was made or cleared, and NBD tells neither when that was nor whose
 * bitmap it is. So {@code ?bitmap=NAME} is the operator's word that NAME is made before the first replication, records
 * every write from then on, and is cleared by nobody. It only grows, so an incremental copies again what earlier ones
 * copied; that is more than needed, and right.
 *
 * <p>What we can check, we do. The change id is the name of the metadata context and how much of it was dirty, {@code
 * qemu:dirty-bitmap:NAME/BYTES}, and a replication gets it only if the bitmap was there while it ran. The first
 * replication is therefore full, and the next one incremental if the bitmap still is there. A bitmap that appeared
 * later, disappeared, has another name than last time, or has less dirty than then (somebody cleared it, or made it
 * anew) gives a {@link io.migratekit.source.SourceException.ChangesUnknown} with that reason, and a bitmap that comes,
 * goes or grows under a half-done replication starts a new one. One that is cleared and has filled up again cannot be
 * told from one that grew; a comparison finds what was lost, since it leaves nothing out for such a disk.
 */
@NullMarked
package io.migratekit.source.nbdexport;

import org.jspecify.annotations.NullMarked;
