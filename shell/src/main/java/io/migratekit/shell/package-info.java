/**
 * The console: main class, the two ways to type commands (one per start, or line by line), exit codes. Knows nothing of
 * how disks are copied; that is behind {@link io.migratekit.shell.engine.Engine}. Start at
 * {@link io.migratekit.shell.MigrateKit}.
 */
@NullMarked
package io.migratekit.shell;

import org.jspecify.annotations.NullMarked;
