package io.migratekit.shell.command;

import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.operation.Replications;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;

/** {@code replicate stop}. */
final class ReplicateStop implements ShellCommand {
    private static final long LOOK_MILLIS = 200;

    private final Engine engine;

    ReplicateStop(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("Replication", "replicate stop", "Stops a job at its next commit, in whatever process it runs")
                .argument("vm-or-job", "job id, or a VM's name for its newest job", Completes.JOB_IDS)
                .option(OptionSpec.flag("wait", "stay until it has stopped"))
                .example("replicate stop web01 --wait")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws Exception {
        Replications replications = engine.service(Replications.class);
        String jobId = replications.find(call.argument(0)).id();
        boolean alive = replications.stop(jobId);
        ReplicationJob job = replications.find(jobId);
        while (call.has("wait") && job.status().active()) {
            Thread.sleep(LOOK_MILLIS);
            job = replications.find(jobId);
        }
        if (!alive) {
            screen.say("Its process was dead; job %s is now %s and can be restarted."
                    .formatted(jobId, job.status().text()));
        } else if (job.status().active()) {
            screen.say("Job %s was asked to stop; it does at its next commit.".formatted(jobId));
        } else {
            screen.say("Job %s is %s.".formatted(jobId, job.status().text()));
        }
        return new Result(ExitCode.DONE, JobViews.object(job));
    }
}
