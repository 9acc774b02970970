/**
 * Reads what a person typed: words, options and arguments, checked against the syntax of each command, the same for
 * the shell's argument list and for a line in the console. Knows nothing of what commands do. Start at
 * {@link io.migratekit.shell.line.StrictParser}.
 */
@NullMarked
package io.migratekit.shell.line;

import org.jspecify.annotations.NullMarked;
