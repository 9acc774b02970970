package io.migratekit.shell.command;

import io.migratekit.job.operation.Replications;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Table;

/**
 * {@code warm-up}: touches what most commands touch, so that the archive for class data sharing holds it. Run by the
 * launcher after a build, in a home of its own; in no list of commands.
 */
final class WarmUpCommand implements ShellCommand {

    private final Engine engine;

    WarmUpCommand(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("", "warm-up", "Loads classes for the archive that makes starts quick")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws Exception {
        engine.service(Replications.class).list(1);
        screen.table(new Table("Name", "Bytes").numbers("Bytes").row("warm-up", "1"));
        screen.forJson().object(Result.object("status", "done"));
        return Result.done();
    }
}
