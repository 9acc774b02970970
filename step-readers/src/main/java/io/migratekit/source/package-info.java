/**
 * Where a virtual machine's disks are read: the ports that every source answers to (vCenter, the lab, plain NBD
 * exports, image files) and the values they speak in. Knows nothing of targets, volumes or jobs. Start at
 * {@link io.migratekit.source.SourceMachine}.
 */
@NullMarked
package io.migratekit.source;

import org.jspecify.annotations.NullMarked;
