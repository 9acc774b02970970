/**
 * What every job did, step by step, for people: jobs, steps and events in the database. Knows nothing of what a job
 * does. Start at {@link io.migratekit.job.joblog.JobLog}.
 */
@NullMarked
package io.migratekit.job.joblog;

import org.jspecify.annotations.NullMarked;
