/**
 * The volume daemon as something that runs: one process per database opens back ends and export engine and answers over
 * HTTP ({@link io.migratekit.volume.daemon.RunningDaemon}); everybody else reaches it through {@link
 * io.migratekit.volume.daemon.DaemonVolumes}, which starts it where it is missing. Knows nothing of commands. Start at
 * {@link io.migratekit.volume.daemon.DaemonConfiguration}.
 */
@NullMarked
package io.migratekit.volume.daemon;

import org.jspecify.annotations.NullMarked;
