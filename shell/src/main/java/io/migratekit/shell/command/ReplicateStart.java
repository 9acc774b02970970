package io.migratekit.shell.command;

import io.migratekit.config.Replication.Fallback;
import io.migratekit.job.Mode;
import io.migratekit.job.operation.Replications;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import java.util.Locale;
import java.util.Optional;

/** {@code replicate start}. */
final class ReplicateStart implements ShellCommand {
    private final Engine engine;
    private final Detached detached;

    ReplicateStart(Engine engine, Detached detached) {
        this.engine = engine;
        this.detached = detached;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("Replication", "replicate start", "Replicates a VM: in full the first time, then what changed")
                .details("""
                        Without --wait a process of its own does it, which outlives this one and its terminal; the job's id is
                        printed, and the process writes to logs/ in MIGRATEKIT_HOME. With --wait Ctrl-C stops the job at its
                        next commit. In mode auto an unfinished job goes on instead of a new one.""")
                .argument("vm", "name of the VM", Completes.VM_NAMES)
                .option(OptionSpec.choice("mode", "how much to copy (default auto)", "auto", "full", "incremental"))
                .option(OptionSpec.choice(
                        "fallback", "when changes cannot be told (default as configured)", "auto", "ask", "fail"))
                .option(TargetOptions.DESTINATION_IS_ZERO)
                .option(TargetOptions.UNSAFE_TARGET)
                .option(OptionSpec.flag("wait", "stay until it ends, and show how far it is"))
                .example("replicate start web01 --wait")
                .example("replicate start web01 --mode full")
                .example("replicate start web01 --wait --json")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws Exception {
        if (!call.has("wait")) {
            return detached.start(call, screen);
        }
        interrupt.spareThread();
        Mode mode = call.value("mode").map(Mode::of).orElse(Mode.AUTO);
        Optional<Fallback> fallback =
                call.value("fallback").map(text -> Fallback.valueOf(text.toUpperCase(Locale.ROOT)));
        Replications replications = engine.service(Replications.class);
        var handle = replications.start(call.argument(0), TargetOptions.read(call, mode, fallback));
        return new Watch(replications, screen, call.argument(0)).untilItEnds(handle, interrupt);
    }
}
