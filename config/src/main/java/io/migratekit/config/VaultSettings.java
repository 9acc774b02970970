package io.migratekit.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the keys that seal passwords are kept ({@code migratekit.vault}). The key itself is never a setting: it is in that
 * file, or in the environment as {@code MIGRATEKIT_VAULT_KEY}.
 *
 * @param keyFile of mode 600, one per database; the default is {@code vault.key} in the home
 */
public record VaultSettings(Optional<Path> keyFile) {}
