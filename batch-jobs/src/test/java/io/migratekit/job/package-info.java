/** Tests of this room and what they share. */
@NullMarked
package io.migratekit.job;

import org.jspecify.annotations.NullMarked;
