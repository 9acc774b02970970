package io.migratekit.shell.account;

import io.migratekit.config.vault.SealedState;
import io.migratekit.shell.command.Result;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How sealed secrets look as JSON. The keys are stable. */
final class Secrets {
    private Secrets() {}

    static Map<String, @Nullable Object> object(SealedState state) {
        return Result.object(
                "secret", state.owner().toString(),
                "owner", state.owner().name(),
                "server", state.owner().endpoint(),
                "keyId", state.keyId(),
                "problem", state.problem().orElse(null));
    }
}
