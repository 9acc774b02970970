package io.migratekit.job.lease;

import io.migratekit.config.ProcessIdentity;

/**
 * Who holds a machine now.
 *
 * @param owner the process
 * @param jobId what it works on
 * @param epoch its epoch
 * @param dead whether it is known to be gone, or has been silent for too long
 */
public record LeaseHolder(ProcessIdentity owner, String jobId, long epoch, boolean dead) {}
