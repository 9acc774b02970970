/**
 * Carries out what is asked of volumes: each operation is a list of steps that are journaled, repeated after a crash, and
 * undone in reverse order after a failure. Knows nothing of HTTP. Start at {@link
 * io.migratekit.volume.operation.VolumeOperations}.
 */
@NullMarked
package io.migratekit.volume.operation;

import org.jspecify.annotations.NullMarked;
