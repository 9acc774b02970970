/**
 * Disks of VMware virtual machines, read through nbdkit's vddk plugin: one nbdkit per disk on a private unix socket,
 * started, watched, started again when it dies, and ended by us. Knows nothing of vCenter's API: who asks brings the
 * references of machine and snapshot and the disk's path. Start at {@link io.migratekit.source.vddk.VddkReader}.
 *
 * <h2>What must not be left behind</h2>
 *
 * A process or a password. The password goes through a file of mode 600 in a folder of mode 700, deleted as soon as
 * nbdkit has read it; nbdkit gets no variable of our environment. That nbdkit ends with this process is up to three:
 * {@link io.migratekit.source.vddk.ServedVddkDisk#close}, nbdkit itself ({@code --exit-with-parent}), and, since an
 * nbdkit with a hanging read does not end by a SIGTERM, a {@link io.migratekit.source.vddk.Guard} that outlives us for
 * some seconds.
 */
@NullMarked
package io.migratekit.source.vddk;

import org.jspecify.annotations.NullMarked;
