/**
 * Disks served by somebody's NBD server: full copies by {@code base:allocation}, incremental ones by a qemu dirty
 * bitmap that the URI names. Knows nothing of snapshots.
 *
 * <h2>The change id of such a disk</h2>
 *
 * A dirty bitmap says what was written since it was made or cleared, and NBD tells neither when that was nor lets us
 * clear it. So {@code ?bitmap=NAME} is the operator's word that NAME has recorded every write since the last completed
 * replication: it is made before the first one, and cleared (or left alone, which only copies more) when one has
 * completed and before the guest writes again.
 *
 * <p>What we can check, we do. The change id is the name of the metadata context, {@code qemu:dirty-bitmap:NAME}, and
 * a replication gets it only if the bitmap was there while it ran. The first replication is therefore full, and the
 * next one incremental if the bitmap still is there. A bitmap that appeared later, disappeared, or has another name
 * than last time gives a {@link io.migratekit.source.SourceException.ChangesUnknown} with that reason, and a bitmap that
 * comes, goes or grows under a half-done replication starts a new one.
 */
@NullMarked
package io.migratekit.source.nbdexport;

import org.jspecify.annotations.NullMarked;
