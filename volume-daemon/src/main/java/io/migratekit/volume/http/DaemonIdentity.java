package io.migratekit.volume.http;

/**
 * Which daemon answers, so that a client knows that it is the one of its own database.
 *
 * @param installationId of its database
 * @param epoch of its lease
 * @param pid its process on its host
 */
public record DaemonIdentity(String installationId, long epoch, long pid) {}
