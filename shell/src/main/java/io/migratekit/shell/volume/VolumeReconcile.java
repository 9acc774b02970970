package io.migratekit.shell.volume;

import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.screen.Table;
import io.migratekit.volume.Difference;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code volume reconcile}: what is really there, beside what the ledger has. */
final class VolumeReconcile implements ShellCommand {
    private final VolumeNames names;

    VolumeReconcile(VolumeNames names) {
        this.names = names;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(VolumeCommands.GROUP, "volume reconcile", "Compares the ledger with what is really there")
                .details("""
                        Prints every difference. With --repair, what carries our tag is put right in the ledger, and
                        exports are served or ended as the ledger has them. No volume is ever deleted, and nothing of
                        others is touched. Volumes that the ledger does not know are told of, and are no fault. Exit
                        code 3 if a fault is left.""")
                .option(OptionSpec.flag("repair", "put right what is ours"))
                .example("volume reconcile")
                .example("volume reconcile --repair")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        List<Difference> found = names.volumes().reconcile(call.has("repair"));
        long left = found.stream()
                .filter(difference -> difference.fault() && !difference.repaired())
                .count();
        long strangers =
                found.stream().filter(difference -> !difference.fault()).count();
        if (found.isEmpty()) {
            screen.say(Style.GOOD, "Everything is as the ledger has it.");
        } else {
            Table table = new Table("What", "Which", "Repaired", "Detail");
            found.forEach(difference -> table.row(
                    VolumeViews.word(difference.kind()).replace('_', ' '),
                    difference.which(),
                    difference.repaired() ? "yes" : "no",
                    difference.detail()));
            screen.table(table);
        }
        if (strangers > 0 && strangers == found.size()) {
            screen.say(Style.GOOD, "All that the ledger has is as it has it.");
        }
        return new Result(
                left == 0 ? ExitCode.DONE : ExitCode.PARTLY_DONE,
                Result.object(
                        "differences",
                        found.stream().map(VolumeReconcile::object).toList(),
                        "left",
                        left,
                        "strangers",
                        strangers));
    }

    private static Map<String, @Nullable Object> object(Difference difference) {
        return Result.object(
                "kind", VolumeViews.word(difference.kind()),
                "which", difference.which(),
                "detail", difference.detail(),
                "owned", difference.owned(),
                "fault", difference.fault(),
                "repaired", difference.repaired());
    }
}
