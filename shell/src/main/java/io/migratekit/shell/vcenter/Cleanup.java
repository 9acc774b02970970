package io.migratekit.shell.vcenter;

import io.migratekit.config.account.VmwareCredential;
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
import io.migratekit.source.vcenter.VCenters;
import io.migratekit.source.vcenter.session.VCenterSession;
import io.migratekit.source.vcenter.tracking.Leftovers;
import io.migratekit.source.vcenter.tracking.Leftovers.Leftover;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code cleanup}: removes snapshots of ours that nobody needs. */
final class Cleanup implements ShellCommand {
    private final Services services;

    Cleanup(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of(VcenterCommands.MACHINES, "cleanup", "Removes snapshots of ours that were left on VMs")
                .details("""
                        Only snapshots with our mark in their description are touched, and of these only those whose job has
                        ended; what a job may still need stays. Waits until they are gone and the disks are consolidated.
                        Without --vm it looks at all VMs of the vCenter. Exit code 3 if one could not be removed.""")
                .option(OptionSpec.value("vm", "VM", "a VM that was added; else its name, path or UUID in the vCenter")
                        .completing(Completes.VM_NAMES))
                .option(VcenterCommands.vcenterOption())
                .option(OptionSpec.flag(
                        "unknown", "also those of jobs that are not known here: be sure that nobody needs them"))
                .option(OptionSpec.flag("dry-run", "say what would be removed, and change nothing"))
                .example("cleanup --dry-run")
                .example("cleanup --vm web01")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws IOException {
        interrupt.spareThread();
        Optional<String> words = call.value("vm");
        if (words.isPresent()) {
            try (SourceVm vm = SourceVm.openToChange(services, words.get(), call.value("vcenter"))) {
                List<Leftover> found = vm.tracked().snapshots().stream()
                        .map(own -> new Leftover(vm.name(), vm.instanceUuid(), own))
                        .toList();
                return clean(call, vm.session(), found, screen);
            }
        }
        VmwareCredential account = Choice.vcenter(services, call.value("vcenter"));
        try (VCenterSession session = services.service(VCenters.class).named(account.name())) {
            return clean(call, session, new Leftovers(session).list(), screen);
        }
    }

    private Result clean(Invocation call, VCenterSession session, List<Leftover> found, Screen screen) {
        SnapshotOwners owners = SnapshotOwners.of(services);
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        boolean failed = false;
        for (Leftover leftover : found) {
            Verdict verdict = owners.judge(leftover.snapshot());
            String outcome = outcome(call, session, leftover, verdict, screen);
            failed |= outcome.equals("failed");
            screen.say("%s  %s of '%s', taken %s: %s"
                    .formatted(
                            outcome.replace('-', ' '),
                            leftover.snapshot().name(),
                            leftover.machine(),
                            leftover.snapshot().taken(),
                            verdict.reason()));
            all.add(object(leftover, verdict, outcome));
        }
        if (all.isEmpty()) {
            screen.say(Style.GOOD, "There is no snapshot of ours.");
        }
        return new Result(
                failed ? ExitCode.PARTLY_DONE : ExitCode.DONE,
                Result.object("dryRun", call.has("dry-run"), "snapshots", all));
    }

    private static String outcome(
            Invocation call, VCenterSession session, Leftover leftover, Verdict verdict, Screen screen) {
        boolean goes = verdict.need() == Need.NOBODY || (verdict.need() == Need.UNKNOWN && call.has("unknown"));
        if (!goes || call.has("dry-run")) {
            return goes ? "would-be-removed" : "kept";
        }
        try {
            new Leftovers(session).remove(leftover);
            return "removed";
        } catch (SourceException e) {
            screen.warn(screen.paint(Style.BAD, "error: ") + e.getMessage());
            return "failed";
        }
    }

    private static Map<String, @Nullable Object> object(Leftover leftover, Verdict verdict, String outcome) {
        return Result.object(
                "vm", leftover.machine(),
                "instanceUuid", leftover.instanceUuid(),
                "name", leftover.snapshot().name(),
                "reference", leftover.snapshot().reference(),
                "id", leftover.snapshot().id(),
                "taken", leftover.snapshot().taken().toString(),
                "needed", MachineViews.word(verdict.need()),
                "reason", verdict.reason(),
                "outcome", outcome);
    }
}
