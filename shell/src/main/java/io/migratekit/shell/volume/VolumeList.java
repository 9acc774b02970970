package io.migratekit.shell.volume;

import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Table;
import io.migratekit.shell.screen.Units;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code volume list}. */
final class VolumeList implements ShellCommand {
    private final VolumeNames names;

    VolumeList(VolumeNames names) {
        this.names = names;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(VolumeCommands.GROUP, "volume list", "Lists volumes by name")
                .option(OptionSpec.value("vm", "VM", "only those of a VM").completing(Completes.VM_NAMES))
                .example("volume list")
                .example("volume list --vm web01 --json")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        Optional<String> context = call.value("vm").map(names::context);
        List<Volume> volumes = context.map(names.volumes()::volumesOf)
                .orElseGet(() -> names.volumes().volumes());
        Map<VolumeId, VolumeExport> exports = new LinkedHashMap<>();
        names.volumes().exports().forEach(export -> exports.put(export.name().volume(), export));
        Map<String, String> vms = names.vms();
        if (volumes.isEmpty()) {
            screen.say("There is no volume%s; replications make them for disks without a target, or 'volume create'."
                    .formatted(call.has("vm") ? " of that VM" : ""));
        } else {
            table(volumes, exports, vms, screen);
        }
        return Result.done(
                "volumes",
                volumes.stream()
                        .map(volume -> VolumeViews.object(
                                volume, Optional.ofNullable(exports.get(volume.id())), vm(volume, vms)))
                        .toList());
    }

    private static void table(
            List<Volume> volumes, Map<VolumeId, VolumeExport> exports, Map<String, String> vms, Screen screen) {
        Table table = new Table("Volume", "Id", "Size", "State", "Attached to", "Export", "VM").numbers("Size");
        for (Volume volume : volumes) {
            VolumeExport export = exports.get(volume.id());
            table.row(
                    volume.name(),
                    volume.id().text(),
                    Units.bytes(volume.sizeBytes()),
                    VolumeViews.word(volume.state()),
                    VolumeViews.at(volume),
                    export == null ? "–" : "e%d%s".formatted(export.name().epoch(), export.readOnly() ? " ro" : ""),
                    Optional.ofNullable(vm(volume, vms)).or(volume::context).orElse("–"));
        }
        screen.table(table);
    }

    private static @Nullable String vm(Volume volume, Map<String, String> vms) {
        return volume.context().map(vms::get).orElse(null);
    }
}
