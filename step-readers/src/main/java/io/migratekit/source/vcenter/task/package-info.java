/**
 * Tasks of a vCenter: starts them and waits for their end. Knows nothing of what they do. Start at {@link
 * io.migratekit.source.vcenter.task.Tasks}.
 */
@NullMarked
package io.migratekit.source.vcenter.task;

import org.jspecify.annotations.NullMarked;
