package io.migratekit.job.lease;

/**
 * A right to work on one machine, until it is lost or given back.
 *
 * @param contextId the machine
 * @param epoch grows with every owner; an older one can no longer write
 * @param jobId what it is held for
 */
public record Lease(String contextId, long epoch, String jobId) {}
