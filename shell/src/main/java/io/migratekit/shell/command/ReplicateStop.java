package io.migratekit.shell.command;

import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.operation.Replications;
import io.migratekit.job.operation.Verifications;
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
        return Syntax.of(
                        "Replication",
                        "replicate stop",
                        "Stops a job at its next commit, or a verification, in whatever process it runs")
                .argument("vm-or-job", "job id, or a VM's name for its newest job", Completes.VM_OR_JOB)
                .option(OptionSpec.flag("wait", "stay until it has stopped"))
                .example("replicate stop web01 --wait")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws Exception {
        interrupt.spareThread();
        Verifications verifications = engine.service(Verifications.class);
        if (verifications.known(call.argument(0)).isPresent()) {
            return verification(call, verifications, screen, interrupt);
        }
        Replications replications = engine.service(Replications.class);
        String jobId = replications.find(call.argument(0)).id();
        boolean alive = replications.stop(jobId);
        ReplicationJob job = replications.find(jobId);
        while (call.has("wait") && job.status().active()) {
            interrupt.pause(LOOK_MILLIS);
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

    private static Result verification(Invocation call, Verifications verifications, Screen screen, Interrupt interrupt)
            throws Exception {
        String jobId = call.argument(0);
        verifications.stop(jobId);
        boolean active = true;
        while (call.has("wait") && active) {
            interrupt.pause(LOOK_MILLIS);
            active = verifications.find(jobId).status().active();
        }
        String status = verifications.find(jobId).status().text();
        screen.say(
                active
                        ? "Verification %s was asked to stop; it does after the reads under way.".formatted(jobId)
                        : "Verification %s is %s.".formatted(jobId, status));
        return Result.done("jobId", jobId, "status", status);
    }
}
