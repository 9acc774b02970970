/**
 * The volume daemon on the command line: in this process ({@link io.migratekit.shell.volume.VolumeDaemonCommand}), or as
 * one of its own that a command needs ({@link io.migratekit.shell.volume.OwnDaemon}).
 */
@NullMarked
package io.migratekit.shell.volume;

import org.jspecify.annotations.NullMarked;
