package io.migratekit.shell.volume;

import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.VolumeException;
import io.migratekit.volume.VolumeRequest;
import io.migratekit.volume.Volumes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A command that changes volumes: submits one operation and waits for its end. Interrupting it ends the wait; the
 * operation goes on.
 */
final class VolumeChange implements ShellCommand {
    private static final Duration LOOK = Duration.ofMillis(500);

    /** A back end that does not answer is tried for minutes; a person should know by then that somebody is at it. */
    private static final int LOOKS_SILENT = 10;

    private final VolumeNames names;
    private final Syntax syntax;
    private final Plan plan;
    private final Ending ending;

    /** Reads the command line. */
    @FunctionalInterface
    interface Plan {
        /** Returns what is asked for, and what it touches. */
        Wanted of(Invocation call);
    }

    /** Says what a completed operation has done. */
    @FunctionalInterface
    interface Ending {
        String of(Operation operation);
    }

    /**
     * What is asked for.
     *
     * @param request for the daemon
     * @param touches what a dry run says would be touched, one line each
     */
    record Wanted(VolumeRequest request, List<String> touches) {
        Wanted {
            touches = List.copyOf(touches);
        }
    }

    private VolumeChange(VolumeNames names, Syntax syntax, Plan plan, Ending ending) {
        this.names = names;
        this.syntax = syntax;
        this.plan = plan;
        this.ending = ending;
    }

    /** A command that loses nothing. */
    static VolumeChange harmless(VolumeNames names, Syntax.Builder syntax, Plan plan, Ending ending) {
        return new VolumeChange(names, options(syntax).build(), plan, ending);
    }

    /** A command that loses something for ever: it takes {@code --dry-run}. */
    static VolumeChange destructive(VolumeNames names, Syntax.Builder syntax, Plan plan, Ending ending) {
        OptionSpec dryRun = OptionSpec.flag("dry-run", "say what would be touched, and touch nothing");
        return new VolumeChange(names, options(syntax.option(dryRun)).build(), plan, ending);
    }

    private static Syntax.Builder options(Syntax.Builder syntax) {
        return syntax.option(OptionSpec.value(
                        "key",
                        "KEY",
                        "a name for this change: with the same key it is done once, however often it is asked"))
                .option(OptionSpec.flag("no-wait", "return as soon as it is accepted"));
    }

    @Override
    public Syntax syntax() {
        return syntax;
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws InterruptedException {
        Wanted wanted = plan.of(call);
        if (call.has("dry-run")) {
            wanted.touches().forEach(line -> screen.say("Would touch " + line));
            return Result.done("dryRun", true, "touches", wanted.touches());
        }
        interrupt.spareThread();
        Volumes volumes = names.volumes();
        String key = call.value("key").orElseGet(() -> "console/" + UUID.randomUUID());
        Operation operation = volumes.submit(key, wanted.request());
        if (call.has("no-wait")) {
            screen.say("Accepted as %s; 'volume operations %s' shows how far it is."
                    .formatted(operation.id(), operation.id()));
            return new Result(ExitCode.DONE, VolumeViews.object(operation));
        }
        int looks = 0;
        while (!operation.status().ended()) {
            if (++looks == LOOKS_SILENT) {
                screen.warn("%s goes on; Ctrl-C ends the wait alone, 'volume operations %s' shows how far it is"
                        .formatted(operation.id(), operation.id()));
            }
            if (interrupt.came()) {
                throw new CommandFailure(
                        ExitCode.INTERRUPTED,
                        "operation %s goes on in the daemon; 'volume operations %s' shows how far it is"
                                .formatted(operation.id(), operation.id()));
            }
            operation = volumes.await(operation.id(), LOOK);
        }
        if (operation.status() == OperationStatus.FAILED) {
            throw failure(operation);
        }
        screen.say(ending.of(operation));
        Map<String, @Nullable Object> object = VolumeViews.object(operation);
        return new Result(ExitCode.DONE, object);
    }

    private static VolumeException failure(Operation operation) {
        return new VolumeException(
                Optional.ofNullable(operation.failure()).orElse(VolumeException.Kind.FAILED),
                operation.error().orElse("operation %s failed; the daemon's log says why".formatted(operation.id())));
    }
}
