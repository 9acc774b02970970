package io.migratekit.shell.command;

import io.migratekit.shell.doctor.Doctor;
import io.migratekit.shell.doctor.Finding;
import io.migratekit.shell.doctor.Finding.Severity;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
        List<Finding> findings = doctor.look();
        findings.forEach(finding -> show(finding, screen));
        long errors =
                findings.stream().filter(f -> f.severity() == Severity.ERROR).count();
        screen.say("");
        screen.say(
                errors == 0 ? Style.GOOD : Style.BAD,
                errors == 0 ? "This machine can replicate." : errors + " thing(s) must be mended first, see above.");
        return new Result(
                errors == 0 ? ExitCode.DONE : ExitCode.FAILED,
                Result.object(
                        "status",
                        errors == 0 ? "ok" : "error",
                        "findings",
                        findings.stream().map(DoctorCommand::object).toList()));
    }

    private static void show(Finding finding, Screen screen) {
        String mark = switch (finding.severity()) {
            case OK -> screen.paint(Style.GOOD, "ok      ");
            case OPTIONAL -> screen.paint(Style.FAINT, "optional");
            case WARNING -> screen.paint(Style.WARN, "warning ");
            case ERROR -> screen.paint(Style.BAD, "ERROR   ");
        };
        screen.say("%s  %-20s %s".formatted(mark, finding.what(), finding.found()));
        if (!finding.remedy().isEmpty()) {
            screen.say(" ".repeat(31) + screen.paint(Style.BUSY, "→ " + finding.remedy()));
        }
    }

    private static Map<String, @Nullable Object> object(Finding finding) {
        return Result.object(
                "what", finding.what(),
                "severity", finding.severity().name().toLowerCase(Locale.ROOT),
                "found", finding.found(),
                "remedy", finding.remedy());
    }
}
