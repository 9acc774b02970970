package io.migratekit.shell.command;

import io.migratekit.job.operation.Replications;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;

/** {@code replicate restart}. */
final class ReplicateRestart implements ShellCommand {
    private final Engine engine;
    private final Detached detached;

    ReplicateRestart(Engine engine, Detached detached) {
        this.engine = engine;
        this.detached = detached;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                        "Replication",
                        "replicate restart",
                        "Goes on with a stopped, failed or killed job from its last commits")
                .argument("vm-or-job", "job id, or a VM's name for its newest job", Completes.VM_OR_JOB)
                .option(OptionSpec.flag("wait", "stay until it ends, and show how far it is"))
                .example("replicate restart web01 --wait")
                .example("replicate restart job-20261101-093000.123-4f2a9c")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws Exception {
        if (!call.has("wait")) {
            return detached.start(call, screen);
        }
        interrupt.spareThread();
        Replications replications = engine.service(Replications.class);
        var handle = replications.restart(call.argument(0));
        String vm = replications.find(handle.jobId()).machineName();
        return new Watch(replications, screen, vm).untilItEnds(handle, interrupt);
    }
}
