/**
 * The commands, one class each, and what they share: the result with its exit code and how a failure is told. Knows
 * nothing of how a line was typed. Start at {@link io.migratekit.shell.command.ShellCommand}.
 */
@NullMarked
package io.migratekit.shell.command;

import org.jspecify.annotations.NullMarked;
