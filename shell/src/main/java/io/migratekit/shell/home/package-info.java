/**
 * The folder that holds everything this program writes, and this program as a thing on disk that can be started again.
 * Knows nothing of commands. Start at {@link io.migratekit.shell.home.Home}.
 */
@NullMarked
package io.migratekit.shell.home;

import org.jspecify.annotations.NullMarked;
