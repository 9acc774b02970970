package io.migratekit.shell.account;

import io.migratekit.config.vault.Rotation;
import io.migratekit.config.vault.Vault;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;

/** {@code credentials rotate}: a new key for the vault. */
final class CredentialsRotate implements ShellCommand {
    private final Services services;

    CredentialsRotate(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(AccountCommands.GROUP, "credentials rotate", "Seals every secret anew under a new vault key")
                .details("""
                        The secrets themselves stay the same ('ossea renew' and 'vcenter password' replace those). Killed at any
                        moment, it leaves every secret readable and can be run again. Keep a copy of the new key file where the
                        copies of the database are not; older copies of the database need the older key.""")
                .example("credentials rotate")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        interrupt.spareThread();
        Rotation rotation = services.service(Vault.class).rotate();
        screen.say("%d secret(s) are sealed under the new key %s; %d older key(s) dropped."
                .formatted(rotation.secrets(), rotation.keyId(), rotation.dropped()));
        return Result.done("keyId", rotation.keyId(), "secrets", rotation.secrets(), "keysDropped", rotation.dropped());
    }
}
