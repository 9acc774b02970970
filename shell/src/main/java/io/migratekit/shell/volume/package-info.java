/** The commands on volumes; what they change is done by the volume daemon alone. */
@NullMarked
package io.migratekit.shell.volume;

import org.jspecify.annotations.NullMarked;
