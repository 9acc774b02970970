/**
 * Keeps volumes in an Apache CloudStack cloud (OSSEA), attaches them to the VM that this appliance is, and finds their
 * devices by their serial numbers. Knows nothing of the ledger or of exports. Start at {@link
 * io.migratekit.volume.cloudstack.CloudStack}.
 */
@NullMarked
package io.migratekit.volume.cloudstack;

import org.jspecify.annotations.NullMarked;
