package io.migratekit.shell.command;

import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.RestorePoint;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.job.operation.Replications;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import java.util.List;

/** {@code vm remove}: forgets what we know of a VM; bytes at source and target stay. */
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
                        "Forgets a VM with its jobs and restore points; no disk is touched")
                .details("Copied data stays on its targets. A VM that is added again is copied in full.")
                .argument("vm", "name of the VM", Completes.VM_NAMES)
                .option(OptionSpec.flag("dry-run", "say what would be forgotten, and forget nothing"))
                .example("vm remove web01 --dry-run")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        MachineCatalog catalog = engine.service(MachineCatalog.class);
        Machine machine = catalog.show(call.argument(0));
        boolean dryRun = call.has("dry-run");
        List<ReplicationJob> jobs = engine.service(Replications.class).ofMachine(machine);
        List<RestorePoint> points = catalog.restorePoints(machine);
        if (!dryRun) {
            catalog.remove(machine.name());
        }
        screen.say("%s VM '%s': %d disk(s), %d job(s), %d restore point(s)."
                .formatted(
                        dryRun ? "Would forget" : "Forgot",
                        machine.name(),
                        machine.disks().size(),
                        jobs.size(),
                        points.size()));
        machine.disks()
                .forEach(
                        disk -> disk.target().ifPresent(target -> screen.say("  left as it is: %s".formatted(target))));
        return Result.done(
                "vm", machine.name(),
                "dryRun", dryRun,
                "jobs", jobs.stream().map(ReplicationJob::id).toList(),
                "restorePoints", points.size(),
                "targetsLeft",
                        machine.disks().stream()
                                .flatMap(disk -> disk.target().stream())
                                .map(Object::toString)
                                .toList());
    }
}
