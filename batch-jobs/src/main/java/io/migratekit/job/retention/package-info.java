/**
 * Forgets what no restart, no verification and no audit needs any more: in small transactions, after jobs, never within
 * one. Knows tables, and nothing of sources, targets and servers. Start at {@link io.migratekit.job.retention.Retention}.
 */
@NullMarked
package io.migratekit.job.retention;

import org.jspecify.annotations.NullMarked;
