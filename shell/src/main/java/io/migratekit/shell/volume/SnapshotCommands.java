package io.migratekit.shell.volume;

import io.migratekit.shell.command.CommandFailure;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.Words;
import io.migratekit.volume.SnapshotSet;
import io.migratekit.volume.SnapshotSetId;
import io.migratekit.volume.Volume;
import io.migratekit.volume.VolumeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The commands on snapshot sets: one snapshot of each volume of a VM, or none. */
final class SnapshotCommands {
    private static final String SET_HELP = "id of a snapshot set, as 'volume snapshots' shows it";

    private final VolumeNames names;

    private SnapshotCommands(VolumeNames names) {
        this.names = names;
    }

    static List<ShellCommand> with(VolumeNames names) {
        SnapshotCommands make = new SnapshotCommands(names);
        return List.of(
                new SnapshotList(make.names, make::sets), make.snapshot(), make.revert(), make.drop(), make.copy());
    }

    private ShellCommand snapshot() {
        Syntax.Builder syntax = Syntax.of(
                        VolumeCommands.GROUP, "volume snapshot", "Takes a snapshot of every volume of a VM, or of none")
                .details("Refused while one of them is exported, since it may be written.")
                .argument("vm", "name of the VM", Completes.VM_NAMES)
                .example("volume snapshot web01");
        return VolumeChange.harmless(
                names,
                syntax,
                call -> new VolumeChange.Wanted(new VolumeRequest.Snapshot(names.context(call.argument(0))), List.of()),
                operation -> "Snapshot set %s."
                        .formatted(operation.snapshotSet().map(Object::toString).orElse("–")));
    }

    private ShellCommand revert() {
        Syntax.Builder syntax = Syntax.of(
                        VolumeCommands.GROUP, "volume revert", "Puts the volumes of a set back to its moment")
                .details("What was written since is lost. Refused while one of them is exported.")
                .argument("set", SET_HELP, Completes.NOTHING)
                .example("volume revert set-5f0c9a52-7c5e-4c39-8f6b-0c6c8c2f6a11 --dry-run");
        return VolumeChange.destructive(
                names, syntax, call -> wanted(call.argument(0), VolumeRequest.Revert::new), operation -> "Put back.");
    }

    private ShellCommand drop() {
        Syntax.Builder syntax = Syntax.of(
                        VolumeCommands.GROUP,
                        "volume drop",
                        "Removes the snapshots of a set; volumes keep what they hold")
                .details("Refused while a clone of the set exists.")
                .argument("set", SET_HELP, Completes.NOTHING)
                .example("volume drop set-5f0c9a52-7c5e-4c39-8f6b-0c6c8c2f6a11");
        return VolumeChange.destructive(
                names,
                syntax,
                call -> wanted(call.argument(0), VolumeRequest.DeleteSnapshots::new),
                operation -> "Removed.");
    }

    private ShellCommand copy() {
        Syntax.Builder syntax = Syntax.of(
                        VolumeCommands.GROUP, "volume clone", "Makes a new volume of every snapshot of a set")
                .details("The originals are not touched.")
                .argument("set", SET_HELP, Completes.NOTHING)
                .argument(
                        "owner",
                        "who owns the clones, such as test-web01; 'volume list --vm' takes it",
                        Completes.NOTHING)
                .example("volume clone set-5f0c9a52-7c5e-4c39-8f6b-0c6c8c2f6a11 test-web01");
        return VolumeChange.harmless(
                names,
                syntax,
                call -> new VolumeChange.Wanted(
                        new VolumeRequest.CloneSnapshots(set(call.argument(0)).id(), call.argument(1)), List.of()),
                operation -> "Cloned. 'volume list --vm %s' shows the clones."
                        .formatted(Words.quote(((VolumeRequest.CloneSnapshots) operation.request()).context())));
    }

    /** Makes the request on a set. */
    @FunctionalInterface
    private interface OnSet {
        VolumeRequest of(SnapshotSetId set);
    }

    private VolumeChange.Wanted wanted(String text, OnSet request) {
        SnapshotSet set = set(text);
        List<String> touches = new ArrayList<>();
        touches.add("snapshot set %s of %s".formatted(set.id(), VolumeCommands.shown(set.createdAt())));
        set.volumes().stream()
                .map(id -> names.volumes().volume(id))
                .flatMap(Optional::stream)
                .map(VolumeCommands::line)
                .forEach(touches::add);
        return new VolumeChange.Wanted(request.of(set.id()), touches);
    }

    private SnapshotSet set(String text) {
        SnapshotSetId id = new SnapshotSetId(text);
        return sets(Optional.empty()).stream()
                .filter(set -> set.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new CommandFailure(
                        ExitCode.NO_SUCH_THING,
                        "there is no snapshot set %s; 'volume snapshots' shows those that are there".formatted(id)));
    }

    /** Returns the sets of one VM, or of all that have volumes. */
    private List<SnapshotSet> sets(Optional<String> vm) {
        Map<String, String> vms = names.vms();
        Stream<String> contexts = vm.map(names::context)
                .map(Stream::of)
                .orElseGet(() -> Stream.concat(
                        vms.keySet().stream(),
                        names.volumes().volumes().stream().map(Volume::context).flatMap(Optional::stream)));
        return contexts.collect(Collectors.toCollection(TreeSet::new)).stream()
                .flatMap(context -> names.volumes().snapshotSets(context).stream())
                .toList();
    }
}
