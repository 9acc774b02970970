package io.migratekit.shell.volume;

import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.screen.Units;
import io.migratekit.volume.Operation;
import io.migratekit.volume.OperationFilter;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code volume show}. */
final class VolumeShow implements ShellCommand {
    private static final int OPERATIONS_SHOWN = 5;

    private final VolumeNames names;

    VolumeShow(VolumeNames names) {
        this.names = names;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(VolumeCommands.GROUP, "volume show", "Shows a volume: where it is, its export, what was done")
                .argument("volume", VolumeCommands.VOLUME_HELP, Completes.VOLUMES)
                .example("volume show web01-disk-1-0a1b2c3d")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        Volume volume = names.volume(call.argument(0));
        Optional<VolumeExport> export = names.volumes().export(volume.id());
        List<SnapshotSet> sets = volume.context()
                .map(context -> names.volumes().snapshotSets(context).stream()
                        .filter(set -> set.volumes().contains(volume.id()))
                        .toList())
                .orElse(List.of());
        List<Operation> operations = names.volumes()
                .operations(new OperationFilter(Optional.of(volume.id()), Optional.empty(), OPERATIONS_SHOWN));
        String vm = volume.context()
                .map(context -> names.vms().getOrDefault(context, context))
                .orElse(null);
        say(volume, export, vm, screen);
        sets.forEach(set -> screen.say("snapshot set  %s, %s".formatted(set.id(), VolumeViews.word(set.state()))));
        screen.say("");
        OperationList.table(operations, screen);
        Map<String, @Nullable Object> object = VolumeViews.object(volume, export, vm);
        object.put("snapshotSets", sets.stream().map(VolumeViews::object).toList());
        object.put("operations", operations.stream().map(VolumeViews::object).toList());
        return new Result(ExitCode.DONE, object);
    }

    private static void say(Volume volume, Optional<VolumeExport> export, @Nullable String vm, Screen screen) {
        screen.say("%s  %s".formatted(screen.paint(Style.STRONG, volume.name()), VolumeViews.word(volume.state())));
        volume.reason().ifPresent(reason -> screen.say(Style.BAD, "in error      " + reason));
        screen.say("id            " + volume.id());
        screen.say("size          %s (%d bytes) at back end %s"
                .formatted(Units.bytes(volume.sizeBytes()), volume.sizeBytes(), volume.backend()));
        screen.say("holds         " + (vm == null ? "nobody's disk" : "a disk of " + vm));
        screen.say("attached to   %s%s"
                .formatted(
                        VolumeViews.at(volume),
                        volume.attachment()
                                .flatMap(at -> at.devicePath())
                                .map(path -> " as " + path)
                                .orElse("")));
        screen.say("exported as   "
                + export.map(now -> "%s%s at %s"
                                .formatted(
                                        now.name(),
                                        now.readOnly() ? ", read-only" : "",
                                        now.uri().orElse("(not served yet)")))
                        .orElse("–"));
        volume.cloneOf().ifPresent(set -> screen.say("clone of      " + set));
    }
}
