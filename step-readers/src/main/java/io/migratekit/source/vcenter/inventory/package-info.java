/**
 * What machines a vCenter has: their identity, place, hardware, disks and network cards. Only looks. Start at {@link
 * io.migratekit.source.vcenter.inventory.Inventory}.
 */
@NullMarked
package io.migratekit.source.vcenter.inventory;

import org.jspecify.annotations.NullMarked;
