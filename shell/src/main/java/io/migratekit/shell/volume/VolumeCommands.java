package io.migratekit.shell.volume;

import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.screen.Units;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeExport;
import io.migratekit.volume.VolumeId;
import io.migratekit.volume.VolumeRequest;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.springframework.util.unit.DataSize;

/** The commands on volumes. What they change is done by the volume daemon alone. */
public final class VolumeCommands {
    static final String GROUP = "Volumes";
    static final String VOLUME_HELP = "name or id of a volume; eight characters of the id suffice";

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final VolumeNames names;

    private VolumeCommands(VolumeNames names) {
        this.names = names;
    }

    /** Returns all of them. */
    public static List<ShellCommand> with(Engine engine) {
        return with(VolumeNames.of(engine));
    }

    static List<ShellCommand> with(VolumeNames names) {
        VolumeCommands make = new VolumeCommands(names);
        List<ShellCommand> all = new ArrayList<>(List.of(
                new VolumeList(names),
                new VolumeShow(names),
                new ExportList(names),
                new OperationList(names),
                new VolumeReconcile(names),
                make.create(),
                make.attach(),
                make.detach(),
                make.resize(),
                make.export(),
                make.unexport(),
                make.delete()));
        all.addAll(SnapshotCommands.with(names));
        return all;
    }

    static String shown(Instant moment) {
        return FORMAT.format(moment);
    }

    private ShellCommand create() {
        Syntax.Builder syntax = Syntax.of(GROUP, "volume create", "Makes an empty volume")
                .details("A size is in bytes, or with KB, MB, GB or TB (1024 each); a back end may round it up.")
                .argument("name", "what it is called; no other volume may have the name", Completes.NOTHING)
                .option(size().always())
                .option(OptionSpec.value("vm", "VM", "whose disk it will hold").completing(Completes.VM_NAMES))
                .example("volume create scratch --size 100GB");
        return VolumeChange.harmless(
                names,
                syntax,
                call -> new VolumeChange.Wanted(
                        new VolumeRequest.Create(
                                call.argument(0),
                                bytes(call.value("size").orElseThrow()),
                                call.value("vm").map(names::context)),
                        List.of()),
                operation -> "Volume %s is there; 'volume attach' makes it usable.".formatted(operation.volume()));
    }

    private ShellCommand attach() {
        Syntax.Builder syntax = Syntax.of(GROUP, "volume attach", "Attaches a volume to this appliance, or to a VM")
                .argument("volume", VOLUME_HELP, Completes.VOLUMES)
                .option(OptionSpec.value("to", "VM-ID", "a VM, as its back end names it (default: this appliance)"))
                .option(OptionSpec.flag("root", "as the VM's root disk"))
                .example("volume attach scratch");
        return VolumeChange.harmless(
                names,
                syntax,
                call -> wanted(
                        call,
                        id -> new VolumeRequest.Attach(
                                id, call.value("to").orElse(VolumeRequest.APPLIANCE), call.has("root"))),
                operation -> "Attached%s."
                        .formatted(names.volumes()
                                .volume(operation.volume())
                                .flatMap(Volume::attachment)
                                .flatMap(at -> at.devicePath())
                                .map(path -> " as " + path)
                                .orElse("")));
    }

    private ShellCommand detach() {
        Syntax.Builder syntax = onVolume(
                        "volume detach", "Detaches a volume from its VM", "Refused while it is exported.")
                .example("volume detach scratch");
        return VolumeChange.harmless(
                names, syntax, call -> wanted(call, VolumeRequest.Detach::new), operation -> "Detached.");
    }

    private ShellCommand resize() {
        Syntax.Builder syntax = onVolume(
                        "volume resize",
                        "Makes a volume larger",
                        "A volume never shrinks. Refused while it is exported.")
                .option(size().always())
                .example("volume resize scratch --size 200GB");
        return VolumeChange.harmless(
                names,
                syntax,
                call -> wanted(
                        call,
                        id -> new VolumeRequest.Resize(
                                id, bytes(call.value("size").orElseThrow()))),
                operation -> "Resized.");
    }

    private ShellCommand export() {
        Syntax.Builder syntax = Syntax.of(GROUP, "volume export", "Exports an attached volume by NBD")
                .details("""
                        Under a new name with the next epoch; an older export of the volume is ended first, so that
                        whoever writes there can write no more.""")
                .argument("volume", VOLUME_HELP, Completes.VOLUMES)
                .option(OptionSpec.flag("read-only", "refuse writes"))
                .example("volume export scratch --read-only");
        return VolumeChange.destructive(
                names,
                syntax,
                call -> wanted(call, id -> new VolumeRequest.Export(id, call.has("read-only"))),
                operation -> "Exported as %s"
                        .formatted(operation.export().flatMap(VolumeExport::uri).orElse("–")));
    }

    private ShellCommand unexport() {
        Syntax.Builder syntax = onVolume(
                        "volume unexport",
                        "Ends the export of a volume",
                        "A replication that writes there fails, and can be restarted.")
                .example("volume unexport scratch");
        return VolumeChange.destructive(
                names, syntax, call -> wanted(call, VolumeRequest.Unexport::new), operation -> "Ended.");
    }

    private ShellCommand delete() {
        Syntax.Builder syntax = onVolume(
                        "volume delete",
                        "Deletes a volume and what it holds, for ever",
                        "Refused while it is attached, exported or has snapshots.")
                .example("volume delete scratch --dry-run");
        return VolumeChange.destructive(
                names, syntax, call -> wanted(call, VolumeRequest.Delete::new), operation -> "Deleted.");
    }

    static String line(Volume volume) {
        return "volume '%s' (%s), %s, %s"
                .formatted(
                        volume.name(),
                        volume.id(),
                        Units.bytes(volume.sizeBytes()),
                        volume.attachment().isPresent()
                                ? "attached to " + VolumeViews.at(volume)
                                : "attached to nobody");
    }

    /** A command whose first argument is a volume. */
    private static Syntax.Builder onVolume(String name, String summary, String details) {
        return Syntax.of(GROUP, name, summary).details(details).argument("volume", VOLUME_HELP, Completes.VOLUMES);
    }

    private VolumeChange.Wanted wanted(Invocation call, Function<VolumeId, VolumeRequest> request) {
        Volume volume = names.volume(call.argument(0));
        return new VolumeChange.Wanted(request.apply(volume.id()), List.of(line(volume)));
    }

    private static OptionSpec size() {
        return OptionSpec.value("size", "SIZE", "such as 100GB");
    }

    /** Reads a size; whether a volume may have it is the daemon's to say. */
    static long bytes(String text) {
        try {
            return DataSize.parse(text.toUpperCase(Locale.ROOT)).toBytes();
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "--size is '%s'; bytes are needed, or a whole number with KB, MB, GB or TB such as 100GB, in all less than 8388608TB"
                            .formatted(text));
        }
    }
}
