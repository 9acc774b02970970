package io.migratekit.shell.volume;

import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.volume.daemon.DaemonStart;
import io.migratekit.volume.daemon.RunningDaemon;

/** {@code volume-daemon}: the volume daemon in this process, until it is ended. */
public final class VolumeDaemonCommand implements ShellCommand {
    private final Engine engine;

    public VolumeDaemonCommand(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("Volumes", "volume-daemon", "Runs the volume daemon until it is ended")
                .details("""
                        Commands that need volumes start it by themselves; run it by hand, or as a service, to keep it
                        running. There is one per database. Ctrl-C and SIGTERM end it after the steps that are under way;
                        operations that have not ended go on when it starts again.
                        With --json one object is printed as soon as it answers, and one at the end.""")
                .option(OptionSpec.flag("automatic", "end when nobody has needed it for migratekit.volumes.idle"))
                .example("volume-daemon")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        interrupt.spareThread();
        DaemonStart.Origin origin = call.has("automatic") ? DaemonStart.Origin.AUTOMATIC : DaemonStart.Origin.ASKED_FOR;
        RunningDaemon.End end;
        try (RunningDaemon daemon = engine.service(DaemonStart.class).start(origin)) {
            interrupt.tell(stopping(daemon));
            screen.say("The volume daemon answers at %s; Ctrl-C ends it.".formatted(daemon.endpoint()));
            screen.object(Result.object("status", "serving", "endpoint", daemon.endpoint()));
            end = daemon.end().join();
            screen.say("ending ...");
        }
        return switch (end) {
            case ASKED -> Result.done("status", "stopped");
            case IDLE -> Result.done("status", "idle");
            case BROKEN -> {
                screen.warn(
                        "error: an operation was cut off by an error of the program, such as a lack of memory or a program file that was replaced; the log has the details, and the next volume daemon takes it up");
                yield new Result(ExitCode.FAILED, Result.object("status", "broken"));
            }
            case LEASE_LOST -> {
                screen.warn(
                        "error: another volume daemon has taken over, or the database was away for too long; the log has the details");
                yield new Result(ExitCode.BUSY, Result.object("status", "lease lost"));
            }
        };
    }

    private static Interrupt.Listener stopping(RunningDaemon daemon) {
        return new Interrupt.Listener() {
            @Override
            public void stop() {
                daemon.stop();
            }

            @Override
            public String waitingFor() {
                return "Operations are given half a minute to complete the step that they are at.";
            }
        };
    }
}
