/**
 * Changed block tracking of one machine: whether it is possible, switching it on, snapshots with our mark, and the
 * questions for changes between them. Never touches a snapshot without our mark. Start at {@link
 * io.migratekit.source.vcenter.tracking.TrackedMachine}.
 */
@NullMarked
package io.migratekit.source.vcenter.tracking;

import org.jspecify.annotations.NullMarked;
