package io.migratekit.shell.vcenter;

import io.migratekit.shell.account.Services;
import io.migratekit.shell.command.ExitCode;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.command.Result;
import io.migratekit.shell.command.ShellCommand;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.vcenter.SnapshotOwners.Need;
import io.migratekit.shell.vcenter.SnapshotOwners.Verdict;
import io.migratekit.source.SourceException;
import io.migratekit.source.vcenter.tracking.OwnSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code cleanup}: removes snapshots of ours that nobody needs. */
final class Cleanup implements ShellCommand {
    private final Services services;

    Cleanup(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(VcenterCommands.MACHINES, "cleanup", "Removes snapshots of ours that were left on a VM")
                .details("""
                        Only snapshots with our mark in their description are touched, and of these only those whose job has
                        ended; what a job may still need stays. Waits until they are gone and the disks are consolidated.
                        Exit code 3 if one could not be removed.""")
                .option(OptionSpec.value("vm", "VM", "a VM that was added; else its name, path or UUID in the vCenter")
                        .always()
                        .completing(Completes.VM_NAMES))
                .option(VcenterCommands.vcenterOption())
                .option(OptionSpec.flag(
                        "unknown", "also those of jobs that are not known here: be sure nobody needs them"))
                .option(OptionSpec.flag("dry-run", "say what would be removed, and change nothing"))
                .example("cleanup --vm web01 --dry-run")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws IOException {
        interrupt.spareThread();
        SnapshotOwners owners = SnapshotOwners.of(services);
        boolean dryRun = call.has("dry-run");
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        long failed = 0;
        try (SourceVm vm = SourceVm.open(services, call.value("vm").orElseThrow(), call.value("vcenter"))) {
            for (OwnSnapshot snapshot : vm.tracked().snapshots()) {
                Verdict verdict = owners.judge(snapshot);
                boolean goes = verdict.need() == Need.NOBODY || (verdict.need() == Need.UNKNOWN && call.has("unknown"));
                String outcome = goes ? (dryRun ? "would-be-removed" : remove(vm, snapshot, screen)) : "kept";
                failed += outcome.equals("failed") ? 1 : 0;
                screen.say("%s  %s, taken %s: %s"
                        .formatted(outcome.replace('-', ' '), snapshot.name(), snapshot.taken(), verdict.reason()));
                all.add(object(snapshot, verdict, outcome));
            }
            if (all.isEmpty()) {
                screen.say(Style.GOOD, "'%s' has no snapshot of ours.".formatted(vm.name()));
            }
            return new Result(
                    failed == 0 ? ExitCode.DONE : ExitCode.PARTLY_DONE,
                    Result.object("vm", vm.name(), "dryRun", dryRun, "snapshots", all));
        }
    }

    private static String remove(SourceVm vm, OwnSnapshot snapshot, Screen screen) {
        try {
            vm.tracked().removeSnapshot(snapshot.id());
            return "removed";
        } catch (SourceException e) {
            screen.warn(screen.paint(Style.BAD, "error: ") + e.getMessage());
            return "failed";
        }
    }

    private static Map<String, @Nullable Object> object(OwnSnapshot snapshot, Verdict verdict, String outcome) {
        return Result.object(
                "name", snapshot.name(),
                "reference", snapshot.reference(),
                "id", snapshot.id(),
                "taken", snapshot.taken().toString(),
                "needed", MachineViews.word(verdict.need()),
                "reason", verdict.reason(),
                "outcome", outcome);
    }
}
