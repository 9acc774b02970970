package io.migratekit.shell.volume;

import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Table;
import io.migratekit.volume.VolumeExport;
import java.util.List;

/** {@code volume exports}. */
final class ExportList implements ShellCommand {
    private final VolumeNames names;

    ExportList(VolumeNames names) {
        this.names = names;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(VolumeCommands.GROUP, "volume exports", "Lists what is exported now, and where")
                .example("volume exports")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        List<VolumeExport> exports = names.volumes().exports();
        if (exports.isEmpty()) {
            screen.say("Nothing is exported.");
        } else {
            Table table = new Table("Export", "State", "Access", "URI");
            exports.forEach(export -> table.row(
                    export.name().toString(),
                    VolumeViews.word(export.state()),
                    export.readOnly() ? "read-only" : "read and write",
                    export.uri().orElse("–")));
            screen.table(table);
        }
        return Result.done("exports", exports.stream().map(VolumeViews::object).toList());
    }
}
