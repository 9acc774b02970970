package io.migratekit.config.vault;

/**
 * What a rotation did.
 *
 * @param keyId of the key that all secrets are sealed under now
 * @param secrets how many were sealed anew
 * @param dropped how many older keys are gone; those in the environment are left for a person to remove
 */
public record Rotation(String keyId, int secrets, int dropped) {}
