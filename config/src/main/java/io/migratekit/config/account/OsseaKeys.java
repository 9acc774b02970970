package io.migratekit.config.account;

import io.migratekit.config.vault.Secret;

/**
 * The two keys of an account in a cloud, in the clear. Neither is in {@link #toString}.
 *
 * @param apiKey names the account
 * @param secretKey signs its requests
 */
public record OsseaKeys(Secret apiKey, Secret secretKey) {}
