package io.migratekit.shell.volume;

import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Table;
import io.migratekit.volume.SnapshotSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code volume snapshots}. */
final class SnapshotList implements ShellCommand {
    private final VolumeNames names;
    private final Function<Optional<String>, List<SnapshotSet>> sets;

    SnapshotList(VolumeNames names, Function<Optional<String>, List<SnapshotSet>> sets) {
        this.names = names;
        this.sets = sets;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(VolumeCommands.GROUP, "volume snapshots", "Lists snapshot sets, the oldest first")
                .optionalArgument("vm", "only those of a VM", Completes.VM_NAMES)
                .example("volume snapshots web01")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        List<SnapshotSet> found = sets.apply(call.optionalArgument(0));
        Map<String, String> vms = names.vms();
        if (found.isEmpty()) {
            screen.say("There is no snapshot set; 'volume snapshot' takes one.");
        } else {
            Table table = new Table("Snapshot set", "Of", "State", "Volumes", "Taken").numbers("Volumes");
            found.forEach(set -> table.row(
                    set.id().text(),
                    vms.getOrDefault(set.context(), set.context()),
                    VolumeViews.word(set.state()),
                    Integer.toString(set.volumes().size()),
                    VolumeCommands.shown(set.createdAt())));
            screen.table(table);
        }
        return Result.done(
                "snapshotSets", found.stream().map(VolumeViews::object).toList());
    }
}
