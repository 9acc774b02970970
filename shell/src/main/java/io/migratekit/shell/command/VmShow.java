package io.migratekit.shell.command;

import io.migratekit.job.ledger.Machine;
import io.migratekit.job.ledger.MachineDisk;
import io.migratekit.job.ledger.RestorePoint;
import io.migratekit.job.operation.MachineCatalog;
import io.migratekit.job.operation.Replications;
import io.migratekit.job.replication.TargetChange;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.screen.Table;
import io.migratekit.shell.screen.Units;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code vm show}. */
final class VmShow implements ShellCommand {
    private static final int RESTORE_POINTS_SHOWN = 5;

    private final Engine engine;

    VmShow(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("Virtual machines", "vm show", "Shows a VM: disks, restore points, jobs")
                .details("""
                        Status: discovered, replicating; ready_for_failover while its targets hold its last restore point,
                        also if a replication ended before it wrote anything; failed or interrupted if one did not come to
                        its end after that, or there is no restore point yet; targets_changed if its volumes were put back, given to a VM or deleted since, so that they do not
                        hold the last restore point.""")
                .argument("vm", "name of the VM", Completes.VM_NAMES)
                .example("vm show web01")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        MachineCatalog catalog = engine.service(MachineCatalog.class);
        Machine machine = catalog.show(call.argument(0));
        List<RestorePoint> points = catalog.restorePoints(machine);
        var jobs = engine.service(Replications.class).ofMachine(machine);
        screen.say("%s  %s".formatted(screen.paint(Style.STRONG, machine.name()), machine.status()));
        screen.say("");
        Table disks = new Table("Disk", "Size", "Source", "Target", "Change id")
                .numbers("Size")
                .shortening("Source", "Target", "Change id")
                .expendable("Change id");
        machine.disks().forEach(disk -> row(disks, disk));
        screen.table(disks);
        List<TargetChange> changes = catalog.targetChanges(machine);
        changes.forEach(change -> screen.say(Style.WARN, change.text()));
        points.stream()
                .limit(RESTORE_POINTS_SHOWN)
                .forEach(point -> screen.say("restore point of %s, promoted %s by %s%s"
                        .formatted(
                                point.moment().map(Times::shown).orElse("an unknown moment"),
                                Times.shown(point.createdAt()),
                                point.jobId(),
                                point.unsafeTarget() ? ", on a target without FLUSH" : "")));
        if (!jobs.isEmpty()) {
            screen.say("");
            JobViews.table(jobs.stream().limit(RESTORE_POINTS_SHOWN).toList(), screen);
        }
        Map<String, @Nullable Object> object = VmViews.object(machine);
        object.put("targetChanges", changes.stream().map(VmShow::object).toList());
        object.put("restorePoints", points.stream().map(VmShow::object).toList());
        object.put("jobs", jobs.stream().map(JobViews::object).toList());
        return new Result(ExitCode.DONE, object);
    }

    private static void row(Table table, MachineDisk disk) {
        table.row(
                disk.key().text(),
                disk.capacityBytes().isPresent()
                        ? Units.bytes(disk.capacityBytes().getAsLong())
                        : "–",
                disk.source().text(),
                disk.target().map(Object::toString).orElse("a volume that its first replication makes"),
                disk.changeId().map(Object::toString).orElse("–"));
    }

    private static Map<String, @Nullable Object> object(TargetChange change) {
        return Result.object(
                "disk", change.disk().text(),
                "volume", change.volume().text(),
                "operation",
                        change.operation()
                                .map(operation -> operation.id().text())
                                .orElse(null),
                "type",
                        change.operation()
                                .map(operation -> operation.request().type())
                                .orElse(null),
                "detail", change.text());
    }

    private static Map<String, @Nullable Object> object(RestorePoint point) {
        return Result.object(
                "id", point.id(),
                "jobId", point.jobId(),
                "moment", point.moment().map(Instant::toString).orElse(null),
                "createdAt", point.createdAt().toString(),
                "unsafeTarget", point.unsafeTarget());
    }
}
