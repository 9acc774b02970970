/**
 * Machines put together from single disks that are copied as they stand, without snapshots of their own. Knows nothing
 * of where the disks are. Start at {@link io.migratekit.source.standing.StandingDisk}.
 */
@NullMarked
package io.migratekit.source.standing;

import org.jspecify.annotations.NullMarked;
