/** Shows what operations on volumes promise, whatever dies in between. */
@NullMarked
package io.migratekit.volume.operation;

import org.jspecify.annotations.NullMarked;
