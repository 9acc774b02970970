/**
 * What workers elsewhere report of the replications that they run: for people and pollers, never a reason to call
 * anything whole. Knows nothing of HTTP. Start at {@link io.migratekit.job.report.WorkerReports}.
 */
@NullMarked
package io.migratekit.job.report;

import org.jspecify.annotations.NullMarked;
