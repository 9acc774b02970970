package io.migratekit.config.vault;

import java.util.Optional;

/**
 * How a secret lies in the database.
 *
 * @param owner what it belongs to
 * @param keyId of the key that it is sealed under; empty if that cannot be read
 * @param problem why it does not open, for people; empty if it does, or nobody tried
 */
public record SealedState(SecretOwner owner, String keyId, Optional<String> problem) {}
