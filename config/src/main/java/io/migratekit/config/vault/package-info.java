/**
 * Seals passwords and keys before they go into the database, and opens them for whoever connects with them; the key that
 * does it is kept outside the database. Knows nothing of what the secrets are good for. Start at {@link
 * io.migratekit.config.vault.Vault}.
 */
@NullMarked
package io.migratekit.config.vault;

import org.jspecify.annotations.NullMarked;
