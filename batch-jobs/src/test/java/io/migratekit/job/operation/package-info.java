/** Tests of this room and what they share. */
@NullMarked
package io.migratekit.job.operation;

import org.jspecify.annotations.NullMarked;
