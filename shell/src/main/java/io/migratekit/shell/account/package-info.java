/**
 * Commands about the servers that are worked with: {@code ossea} for clouds, {@code vcenter} for vCenters, {@code
 * credentials} for the secrets of both. Takes secrets from a prompt, a file or the environment, never from an argument, and
 * shows none. Start at {@link io.migratekit.shell.account.AccountCommands}.
 */
@NullMarked
package io.migratekit.shell.account;

import org.jspecify.annotations.NullMarked;
