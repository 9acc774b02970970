package io.migratekit.shell.command;

import io.migratekit.job.Mode;
import io.migratekit.job.operation.OneOffCopies;
import io.migratekit.job.operation.Replications;
import io.migratekit.job.operation.StartOptions;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import java.util.Optional;

/** {@code copy}: one disk, once, restartable. */
final class CopyCommand implements ShellCommand {
    private final Engine engine;

    CopyCommand(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("Try it", "copy", "Copies one disk; the same command again resumes an unfinished copy")
                .details("""
                        Source and target are NBD URIs or image files; an image file that does not exist yet is made.
                        After an interrupt, a kill or a crash the same command goes on from the last commit.""")
                .argument("source", "NBD URI or image file", Completes.FILES)
                .argument("target", "NBD URI or image file", Completes.FILES)
                .option(TargetOptions.DESTINATION_IS_ZERO)
                .option(TargetOptions.UNSAFE_TARGET)
                .example("copy nbd://source:10809/disk0 /images/disk0.raw")
                .example("copy disk.raw 'nbd+unix:///vol?socket=/run/nbd.sock' --destination-is-zero --json")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws Exception {
        StartOptions options = TargetOptions.read(call, Mode.FULL, Optional.empty());
        interrupt.spareThread();
        var handle = engine.service(OneOffCopies.class).start(call.argument(0), call.argument(1), options);
        return new Watch(engine.service(Replications.class), screen, Watch.COPY).untilItEnds(handle, interrupt);
    }
}
