/** Tests of this room and what they share. */
@NullMarked
package io.migratekit.job.replication;

import org.jspecify.annotations.NullMarked;
