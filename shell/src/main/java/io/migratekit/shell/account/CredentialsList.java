package io.migratekit.shell.account;

import io.migratekit.config.vault.SealedState;
import io.migratekit.config.vault.Vault;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Table;
import java.util.List;

/** {@code credentials list}: which secrets are sealed, and under which key. */
final class CredentialsList implements ShellCommand {
    private final Services services;

    CredentialsList(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                        AccountCommands.GROUP,
                        "credentials list",
                        "Lists which secrets are kept, and shows none of them")
                .details("The vault's key is not needed. 'credentials test' tries whether it opens them.")
                .example("credentials list")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        List<SealedState> all = services.service(Vault.class).contents();
        if (all.isEmpty()) {
            screen.say("No secret is kept yet; 'ossea add' and 'vcenter add' ask for some.");
        } else {
            Table table = new Table("Secret", "Server", "Sealed under key");
            all.forEach(one -> table.row(one.owner().toString(), one.owner().endpoint(), one.keyId()));
            screen.table(table);
        }
        return Result.done("secrets", all.stream().map(Secrets::object).toList());
    }
}
