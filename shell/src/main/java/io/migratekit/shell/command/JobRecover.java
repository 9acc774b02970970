package io.migratekit.shell.command;

import io.migratekit.job.operation.Replications;
import io.migratekit.job.operation.Verifications;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import java.util.List;

/** {@code job recover}. */
final class JobRecover implements ShellCommand {
    private final Engine engine;

    JobRecover(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                        "Jobs",
                        "job recover",
                        "Makes jobs restartable whose process died, and ends their verifications; jobs that live are left alone")
                .details("'replicate restart' and 'replicate start' do this for their own VM.")
                .example("job recover")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        List<String> recovered = engine.service(Replications.class).recover();
        List<String> ended = engine.service(Verifications.class).recover();
        if (recovered.isEmpty() && ended.isEmpty()) {
            screen.say("No job has a dead process.");
        }
        recovered.forEach(jobId -> screen.say("%s can be restarted: replicate restart %s".formatted(jobId, jobId)));
        ended.forEach(jobId -> screen.say("%s has ended; 'verify' compares anew".formatted(jobId)));
        return Result.done("recovered", recovered, "ended", ended);
    }
}
