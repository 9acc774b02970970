/**
 * What people ask for: add machines, start, stop, restart, recover and watch jobs. The one room that consoles and APIs
 * talk to. Start at {@link io.migratekit.job.operation.Replications}.
 */
@NullMarked
package io.migratekit.job.operation;

import org.jspecify.annotations.NullMarked;
