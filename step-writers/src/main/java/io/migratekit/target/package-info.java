/**
 * The target side of a copy: moves extents from a source export to a target export, makes them durable, and says what
 * became of each byte. Knows NBD and extents; knows nothing of jobs, databases or volumes. Start at
 * {@link io.migratekit.target.RangeCopier}.
 */
@NullMarked
package io.migratekit.target;

import org.jspecify.annotations.NullMarked;
