/** Tests of the commands as they are typed, over a real engine in this process. Start at {@code TypedCommands}. */
@NullMarked
package io.migratekit.shell.command;

import org.jspecify.annotations.NullMarked;
