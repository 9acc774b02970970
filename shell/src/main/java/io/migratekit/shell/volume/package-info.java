/**
 * Volumes on the command line: commands that ask the volume daemon for changes, the daemon in this process ({@link
 * io.migratekit.shell.volume.VolumeDaemonCommand}), or as one of its own that a command needs ({@link
 * io.migratekit.shell.volume.OwnDaemon}).
 */
@NullMarked
package io.migratekit.shell.volume;

import org.jspecify.annotations.NullMarked;
