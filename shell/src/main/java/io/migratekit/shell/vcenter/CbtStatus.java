package io.migratekit.shell.vcenter;

import io.migratekit.shell.account.Services;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.screen.Table;
import io.migratekit.shell.screen.Units;
import io.migratekit.source.vcenter.inventory.InventoryDisk;
import io.migratekit.source.vcenter.tracking.TrackingStatus;
import io.migratekit.source.vcenter.tracking.TrackingStatus.DiskObstacle;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code cbt status}. */
final class CbtStatus implements ShellCommand {
    private final Services services;

    CbtStatus(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return SourceVm.in(Syntax.of(
                                VcenterCommands.MACHINES,
                                "cbt status",
                                "Says whether the changes of a VM are tracked (CBT), and what is in the way")
                        .details("""
                                Changes nothing. Exit code 1 if they are not tracked and cannot be, or if a disk cannot be
                                replicated; each reason says what to do."""))
                .example("cbt status web01")
                .example("cbt status /DC0/vm/prod/web01 --vcenter vc2 --json")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws IOException {
        interrupt.spareThread();
        try (SourceVm vm = SourceVm.open(services, call)) {
            TrackingStatus status = vm.tracked().status();
            List<InventoryDisk> disks = vm.tracked().disks();
            show(vm.name(), status, disks, screen);
            boolean fine = status.possible() && status.disks().isEmpty();
            return new Result(fine ? ExitCode.DONE : ExitCode.FAILED, object(vm, status, disks));
        }
    }

    private static void show(String name, TrackingStatus status, List<InventoryDisk> disks, Screen screen) {
        if (status.enabled() && status.possible()) {
            screen.say(Style.GOOD, "Changes of '%s' are tracked.".formatted(name));
        } else if (status.possible()) {
            screen.say(
                    Style.WARN,
                    "Changes of '%s' are not tracked yet; 'cbt enable %s' or its first replication switches it on."
                            .formatted(name, Words.quote(name)));
        } else {
            screen.say(
                    Style.BAD,
                    "Changes of '%s' %s, so each replication copies all:"
                            .formatted(name, status.enabled() ? "are tracked in vain" : "cannot be tracked"));
            status.obstacles().forEach(obstacle -> screen.say("  " + obstacle));
        }
        Table table = new Table("Disk", "Label", "Size", "Change id").numbers("Size");
        disks.forEach(disk -> table.row(
                Integer.toString(disk.key()),
                disk.label(),
                Units.bytes(disk.capacityBytes()),
                disk.backing().changeId().orElse("–")));
        screen.table(table);
        status.disks()
                .forEach(obstacle -> screen.say(screen.paint(Style.BAD, "cannot be replicated: ") + obstacle.reason()));
    }

    private static Map<String, @Nullable Object> object(SourceVm vm, TrackingStatus status, List<InventoryDisk> disks) {
        return Result.object(
                "vm", vm.name(),
                "instanceUuid", vm.instanceUuid(),
                "enabled", status.enabled(),
                "possible", status.possible(),
                "obstacles", status.obstacles(),
                "diskObstacles", status.disks().stream().map(CbtStatus::object).toList(),
                "disks", disks.stream().map(MachineViews::object).toList());
    }

    private static Map<String, @Nullable Object> object(DiskObstacle obstacle) {
        return Result.object("key", obstacle.key(), "reason", obstacle.reason());
    }
}
