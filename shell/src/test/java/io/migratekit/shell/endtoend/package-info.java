/**
 * The packaged program among peers, disks and databases that fail, and killed at any moment: what a person reads, the exit
 * code, and that the same command ends with the right bytes. What a module's own tests show is not shown again here.
 */
@NullMarked
package io.migratekit.shell.endtoend;

import org.jspecify.annotations.NullMarked;
