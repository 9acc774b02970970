/**
 * The source side over HTTP: VMs of vCenters, their change tracking and their power, and how far replications are. Knows
 * nothing of SOAP, and nothing of volumes. Start at {@link io.migratekit.shell.vma.VmaCommand}.
 */
@NullMarked
package io.migratekit.shell.vma;

import org.jspecify.annotations.NullMarked;
