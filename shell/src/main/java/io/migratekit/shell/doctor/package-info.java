/**
 * Looks at the machine: what works, what is missing and what to do about it. Changes nothing. Start at
 * {@link io.migratekit.shell.doctor.Doctor}.
 */
@NullMarked
package io.migratekit.shell.doctor;

import org.jspecify.annotations.NullMarked;
