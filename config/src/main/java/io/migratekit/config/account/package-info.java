/**
 * The servers that are worked with and as whom: clouds (OSSEA configurations) and vCenters, each a row under a name that
 * never changes, with its secrets sealed. Knows nothing of how such a server is asked. Start at {@link
 * io.migratekit.config.account.OsseaConfigs} and {@link io.migratekit.config.account.VmwareCredentials}.
 */
@NullMarked
package io.migratekit.config.account;

import org.jspecify.annotations.NullMarked;
