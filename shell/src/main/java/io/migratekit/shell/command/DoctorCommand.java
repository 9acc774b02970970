package io.migratekit.shell.command;

import io.migratekit.shell.account.Services;
import io.migratekit.shell.doctor.Doctor;
import io.migratekit.shell.doctor.Finding;
import io.migratekit.shell.doctor.Findings;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.vcenter.VcenterCommands;
import io.migratekit.shell.vcenter.VmPreflight;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code doctor}. */
final class DoctorCommand implements ShellCommand {
    private final Doctor doctor;
    private final Services services;

    DoctorCommand(Doctor doctor, Services services) {
        this.doctor = doctor;
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("Try it", "doctor", "Says what works on this machine, what is missing and what to do")
                .details("""
                        Changes nothing. Exit code 1 if something that every command needs does not work.

                        With --vm it looks at one VM of a vCenter instead: at all that can make its replication fail or
                        slow, there and here, and at what would keep its replica from starting in the cloud (findings
                        that begin with "failover"). Exit code 1 if either would fail.""")
                .option(OptionSpec.value("vm", "VM", "a VM that was added; else its name, path or UUID in the vCenter")
                        .completing(Completes.VM_NAMES))
                .option(VcenterCommands.vcenterOption())
                .example("doctor")
                .example("doctor --vm web01")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws IOException {
        Optional<String> vm = call.value("vm");
        if (vm.isPresent()) {
            interrupt.spareThread();
            List<Finding> found = new VmPreflight(services).look(vm.get(), call.value("vcenter"));
            return shown(new Findings(found), "VM '%s' can be replicated.".formatted(vm.get()), screen);
        }
        if (call.value("vcenter").isPresent()) {
            throw new UsageException("--vcenter needs --vm, which names a VM there");
        }
        return shown(new Findings(doctor.look()), "This machine can replicate.", screen);
    }

    private static Result shown(Findings findings, String verdict, Screen screen) {
        findings.show(screen);
        long errors = findings.errors();
        String passed = findings.warnings() == 0
                ? verdict
                : "%s Mind the %d warning(s) above.".formatted(verdict, findings.warnings());
        screen.say("");
        screen.say(
                errors == 0 ? Style.GOOD : Style.BAD,
                errors == 0 ? passed : errors + " thing(s) must be mended first, see above.");
        return new Result(
                errors == 0 ? ExitCode.DONE : ExitCode.FAILED,
                Result.object("status", errors == 0 ? "ok" : "error", "findings", findings.objects()));
    }
}
