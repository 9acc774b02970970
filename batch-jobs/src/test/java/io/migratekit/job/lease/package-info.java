/** Tests of this room and what they share. */
@NullMarked
package io.migratekit.job.lease;

import org.jspecify.annotations.NullMarked;
