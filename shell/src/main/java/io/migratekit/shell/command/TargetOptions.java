package io.migratekit.shell.command;

import io.migratekit.config.Replication.Fallback;
import io.migratekit.job.Mode;
import io.migratekit.job.operation.StartOptions;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import java.util.Optional;

/** The options about targets that several commands share. */
final class TargetOptions {
    static final OptionSpec DESTINATION_IS_ZERO =
            OptionSpec.flag("destination-is-zero", "every byte of the target is zero now: zeroes need not be written");
    static final OptionSpec UNSAFE_TARGET =
            OptionSpec.flag("unsafe-target", "accept a target without FLUSH; its crash may lose what was copied");

    private TargetOptions() {}

    static StartOptions read(Invocation call, Mode mode, Optional<Fallback> fallback) {
        return new StartOptions(mode, fallback, call.has(DESTINATION_IS_ZERO.name()), call.has(UNSAFE_TARGET.name()));
    }
}
