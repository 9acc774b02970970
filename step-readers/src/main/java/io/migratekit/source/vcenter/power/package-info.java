/**
 * Switches machines of a vCenter on and off. Knows nothing of disks. Start at {@link
 * io.migratekit.source.vcenter.power.MachinePower}.
 */
@NullMarked
package io.migratekit.source.vcenter.power;

import org.jspecify.annotations.NullMarked;
