/** Tests of what is looked at on a machine. */
@NullMarked
package io.migratekit.shell.doctor;

import org.jspecify.annotations.NullMarked;
