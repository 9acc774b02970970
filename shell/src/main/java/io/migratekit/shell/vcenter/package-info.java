/**
 * The commands that look into vCenters: whether one can be used, what VMs it has, and their change tracking. Knows
 * nothing of SOAP. Start at {@link io.migratekit.shell.vcenter.VcenterCommands}.
 */
@NullMarked
package io.migratekit.shell.vcenter;

import org.jspecify.annotations.NullMarked;
