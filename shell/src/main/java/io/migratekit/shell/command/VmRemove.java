package io.migratekit.shell.command;

import io.migratekit.job.TargetRef;
import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.RestorePoint;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.job.operation.MachineRemoval;
import io.migratekit.job.operation.Replications;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.screen.Units;
import io.migratekit.volume.Volume;
import java.util.List;

/** {@code vm remove}: forgets what we know of a VM; copied data stays unless its volumes are to be deleted too. */
final class VmRemove implements ShellCommand {
    private final Engine engine;

    VmRemove(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(
                        "Virtual machines",
                        "vm remove",
                        "Forgets a VM with its jobs and restore points; copied data stays where it is")
                .details("""
                        Copied data stays on its targets, unless --delete-volumes is given: that deletes the volumes which
                        replications made for this VM, for ever, and no others. A VM that is added again is copied in
                        full.""")
                .argument("vm", "name of the VM", Completes.VM_NAMES)
                .option(OptionSpec.flag("delete-volumes", "delete the volumes that were made for it as well"))
                .option(OptionSpec.flag("dry-run", "say what would be forgotten and deleted, and change nothing"))
                .example("vm remove web01 --dry-run")
                .example("vm remove web01 --delete-volumes --dry-run")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        MachineCatalog catalog = engine.service(MachineCatalog.class);
        Machine machine = catalog.show(call.argument(0));
        boolean dryRun = call.has("dry-run");
        List<ReplicationJob> jobs = engine.service(Replications.class).ofMachine(machine);
        List<RestorePoint> points = catalog.restorePoints(machine);
        MachineRemoval removal = engine.service(MachineRemoval.class);
        List<Volume> deleted = call.has("delete-volumes") ? removal.volumes(machine) : List.of();
        if (!dryRun && call.has("delete-volumes")) {
            removal.removeWithVolumes(machine.name());
        } else if (!dryRun) {
            removal.remove(machine.name());
        }
        screen.say("%s VM '%s': %d disk(s), %d job(s), %d restore point(s)."
                .formatted(
                        dryRun ? "Would forget" : "Forgot",
                        machine.name(),
                        machine.disks().size(),
                        jobs.size(),
                        points.size()));
        deleted.forEach(volume -> screen.say("  %s volume '%s' (%s), %s"
                .formatted(
                        dryRun ? "would be deleted:" : "deleted:",
                        volume.name(),
                        volume.id(),
                        Units.bytes(volume.sizeBytes()))));
        List<String> left = left(machine, deleted);
        left.forEach(target -> screen.say("  left as it is: %s".formatted(target)));
        List<String> snapshots =
                jobs.stream().flatMap(job -> job.snapshotLeft().stream()).toList();
        snapshots.forEach(snapshot -> screen.say(
                Style.WARN,
                dryRun
                        ? "  snapshot %s would stay at the source, and grow; 'cleanup --vm %s' before removes it"
                                .formatted(snapshot, Words.quote(machine.name()))
                        : "  snapshot %s stays at the source, and grows; 'cleanup --unknown' removes it now that its VM is forgotten"
                                .formatted(snapshot)));
        return Result.done(
                "vm", machine.name(),
                "dryRun", dryRun,
                "jobs", jobs.stream().map(ReplicationJob::id).toList(),
                "restorePoints", points.size(),
                "volumesDeleted",
                        deleted.stream().map(volume -> volume.id().text()).toList(),
                "targetsLeft", left,
                "snapshotsLeft", snapshots);
    }

    private static List<String> left(Machine machine, List<Volume> deleted) {
        List<TargetRef> gone =
                deleted.stream().map(volume -> TargetRef.of(volume.id())).toList();
        return machine.disks().stream()
                .flatMap(disk -> disk.target().stream())
                .filter(target -> !gone.contains(target))
                .map(Object::toString)
                .toList();
    }
}
