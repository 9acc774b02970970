/**
 * What a person sees: text, tables, numbers with units, progress of running jobs, colours where they help and one JSON
 * object where a program asked for it. Knows nothing of jobs or disks. Start at
 * {@link io.migratekit.shell.screen.Screen}.
 */
@NullMarked
package io.migratekit.shell.screen;

import org.jspecify.annotations.NullMarked;
