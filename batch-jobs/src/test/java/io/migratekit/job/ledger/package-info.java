/** Tests of this room and what they share. */
@NullMarked
package io.migratekit.job.ledger;

import org.jspecify.annotations.NullMarked;
