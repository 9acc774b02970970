package io.migratekit.shell.account;

import io.migratekit.config.account.OsseaConfig;
import io.migratekit.config.account.OsseaConfigs;
import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import java.util.Optional;

/** Which cloud a command is about. */
final class Chosen {
    private Chosen() {}

    /** Returns the one named, else the active one. */
    static OsseaConfig ossea(OsseaConfigs configs, Optional<String> name) {
        return name.map(configs::show)
                .or(configs::active)
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.NO_SUCH_THING,
                        "no cloud is active; name one, or 'ossea use' makes one active, or 'ossea add' adds one"));
    }
}
