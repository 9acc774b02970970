package io.migratekit.shell.command;

import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.operation.Replications;
import io.migratekit.job.operation.Verifications;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code job events}: what happened to a job. */
final class JobEvents implements ShellCommand {
    private static final long LOOK_MILLIS = 500;

    private final Engine engine;

    JobEvents(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("Jobs", "job events", "Lists what happened to a job: fallbacks, reconnects, restarts")
                .argument("vm-or-job", "job id, or a VM's name for its newest job", Completes.VM_OR_JOB)
                .option(OptionSpec.flag("follow", "stay and print new events until the job has ended"))
                .example("job events web01")
                .example("job events web01 --follow")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws Exception {
        interrupt.spareThread();
        Replications replications = engine.service(Replications.class);
        Verifications verifications = engine.service(Verifications.class);
        boolean verifying = verifications.known(call.argument(0)).isPresent();
        String jobId = verifying
                ? call.argument(0)
                : replications.find(call.argument(0)).id();
        List<JobEvent> seen = new ArrayList<>();
        boolean active;
        do {
            active = verifying ? verifications.find(jobId).status().active() : atWork(replications, jobId);
            long after = seen.isEmpty() ? 0 : seen.get(seen.size() - 1).id();
            List<JobEvent> fresh = replications.events(jobId, after);
            fresh.forEach(event -> show(event, screen));
            seen.addAll(fresh);
            if (active && call.has("follow")) {
                interrupt.pause(LOOK_MILLIS);
            }
        } while (active && call.has("follow"));
        if (seen.isEmpty()) {
            screen.say("Nothing happened to job %s that is worth an event.".formatted(jobId));
        }
        if (!verifying && replications.processDied(jobId)) {
            screen.say("The process of %s died. To make it restartable: job recover".formatted(jobId));
        }
        return Result.done(
                "jobId", jobId, "events", seen.stream().map(JobViews::object).toList());
    }

    /** A job that is just restarted is held by its process before its record says that it is at work. */
    private static boolean atWork(Replications replications, String jobId) {
        return replications
                .holder(replications.find(jobId))
                .filter(holder -> !holder.dead())
                .isPresent();
    }

    private static void show(JobEvent event, Screen screen) {
        screen.say("%s  %s  %-16s %s"
                .formatted(
                        Times.shown(event.at()),
                        screen.paint(
                                JobViews.style(event),
                                "%-5s".formatted(event.level().name().toLowerCase(Locale.ROOT))),
                        event.code(),
                        event.message()));
    }
}
