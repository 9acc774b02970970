/**
 * What every room of the jobs speaks in: job ids, modes, states and the family of failures. Knows nothing of databases
 * or Batch. Start at {@link io.migratekit.job.JobsConfiguration} for the wiring, at {@code operation} to run something.
 */
@NullMarked
package io.migratekit.job;

import org.jspecify.annotations.NullMarked;
