/** The packaged program, started by its launcher as a person or a script does. */
@NullMarked
package io.migratekit.shell.program;

import org.jspecify.annotations.NullMarked;
