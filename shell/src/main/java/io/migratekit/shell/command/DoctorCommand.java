package io.migratekit.shell.command;

import io.migratekit.shell.doctor.Doctor;
import io.migratekit.shell.doctor.Findings;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;

/** {@code doctor}. */
final class DoctorCommand implements ShellCommand {
    private final Doctor doctor;

    DoctorCommand(Doctor doctor) {
        this.doctor = doctor;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("Try it", "doctor", "Says what works on this machine, what is missing and what to do")
                .details("Changes nothing. Exit code 1 if something that every command needs does not work.")
                .example("doctor")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        Findings findings = new Findings(doctor.look());
        findings.show(screen);
        long errors = findings.errors();
        screen.say("");
        screen.say(
                errors == 0 ? Style.GOOD : Style.BAD,
                errors == 0 ? "This machine can replicate." : errors + " thing(s) must be mended first, see above.");
        return new Result(
                errors == 0 ? ExitCode.DONE : ExitCode.FAILED,
                Result.object("status", errors == 0 ? "ok" : "error", "findings", findings.objects()));
    }
}
