/**
 * Machines of VMware vCenters as sources: their disks by snapshots with change ids, read through VDDK. Knows nothing of
 * where accounts are kept. Start at {@link io.migratekit.source.vcenter.VCenterConfiguration}.
 */
@NullMarked
package io.migratekit.source.vcenter;

import org.jspecify.annotations.NullMarked;
