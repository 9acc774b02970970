package io.migratekit.shell.volume;

import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.screen.Table;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.OperationId;
import io.migratekit.volume.OperationStatus;
import io.migratekit.volume.VolumeId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code volume operations}: the newest ones, or one with its steps. */
final class OperationList implements ShellCommand {
    private static final int COUNT_DEFAULT = 20;
    private static final int COUNT_MAX = 10_000;

    private final VolumeNames names;

    OperationList(VolumeNames names) {
        this.names = names;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(VolumeCommands.GROUP, "volume operations", "Lists operations on volumes, or shows one")
                .details("An operation that a dead daemon left is taken up when the next one starts.")
                .optionalArgument("operation", "id of one operation, to see its steps", Completes.NOTHING)
                .option(OptionSpec.value("volume", "VOLUME", "only those on a volume")
                        .completing(Completes.VOLUMES))
                .option(OptionSpec.choice(
                        "status", "only those that are so", "pending", "executing", "completed", "failed"))
                .option(OptionSpec.value("limit", "COUNT", "how many at most (default " + COUNT_DEFAULT + ")"))
                .example("volume operations --status failed")
                .example("volume operations op-5f0c9a52-7c5e-4c39-8f6b-0c6c8c2f6a11")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        if (call.optionalArgument(0).isPresent()) {
            return show(names.volumes().operation(new OperationId(call.argument(0))), screen);
        }
        int count =
                call.number("limit", 1, COUNT_MAX).orElse((long) COUNT_DEFAULT).intValue();
        Optional<VolumeId> volume =
                call.value("volume").map(name -> names.volume(name).id());
        Optional<OperationStatus> status =
                call.value("status").map(word -> OperationStatus.valueOf(word.toUpperCase(Locale.ROOT)));
        List<Operation> operations = names.volumes().operations(new OperationFilter(volume, status, count));
        if (operations.isEmpty()) {
            screen.say("There is no such operation.");
        }
        table(operations, screen);
        return Result.done(
                "operations", operations.stream().map(VolumeViews::object).toList());
    }

    static void table(List<Operation> operations, Screen screen) {
        if (operations.isEmpty()) {
            return;
        }
        Table table = new Table("Operation", "What", "Status", "Created", "Volumes");
        for (Operation operation : operations) {
            table.row(
                    operation.id().text(),
                    operation.request().type(),
                    VolumeViews.word(operation.status()),
                    VolumeCommands.shown(operation.createdAt()),
                    volumes(operation));
        }
        screen.table(table);
    }

    static Result show(Operation operation, Screen screen) {
        screen.say("%s  %s, %s"
                .formatted(
                        screen.paint(Style.STRONG, operation.id().text()),
                        operation.request().type(),
                        VolumeViews.word(operation.status())));
        operation.error().ifPresent(error -> screen.say(Style.BAD, error));
        Table table = new Table("Step", "State");
        operation.steps().forEach(step -> table.row(step.name(), VolumeViews.word(step.state())));
        screen.table(table);
        return new Result(ExitCode.DONE, VolumeViews.object(operation));
    }

    private static String volumes(Operation operation) {
        int count = operation.volumes().size();
        return count == 0 ? "–" : operation.volumes().get(0) + (count == 1 ? "" : " and %d more".formatted(count - 1));
    }
}
