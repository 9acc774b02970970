package io.migratekit.shell.command;

import io.migratekit.job.JobException;
import io.migratekit.job.JobStatus;
import io.migratekit.job.ledger.VerificationJob;
import io.migratekit.job.ledger.VerificationJob.Counters;
import io.migratekit.job.operation.JobHandle;
import io.migratekit.job.operation.Verifications;
import io.migratekit.job.verification.VerificationResult;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.home.Report;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.ProgressBoard;
import io.migratekit.shell.screen.ProgressBoard.Headline;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.screen.Table;
import io.migratekit.shell.screen.Units;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code verify}. */
final class VerifyCommand implements ShellCommand {
    private static final Duration REDRAW = Duration.ofMillis(100);
    private static final int DIFFERENCES_SHOWN = 20;

    private final Engine engine;

    VerifyCommand(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("Replication", "verify", "Compares source and target byte for byte and says where they differ")
                .details("""
                        Reads both sides of the last restore point. What a running VM has changed since then is left out where
                        the source can tell. Exit code 1 if a byte differs.""")
                .argument("vm", "name of the VM", Completes.VM_NAMES)
                .option(OptionSpec.value("percent", "PERCENT", "compare a sample of each disk (default 100)"))
                .option(OptionSpec.value("seed", "NUMBER", "which sample (default 1)"))
                .example("verify web01")
                .example("verify web01 --percent 5 --seed 7")
                .build();
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) throws Exception {
        interrupt.spareThread();
        String vm = call.argument(0);
        double percent = percent(call);
        long seed = call.number("seed", 0, Long.MAX_VALUE).orElse(1L);
        var handle = engine.service(Verifications.class).start(vm, percent, seed);
        Report.ofThisProcess().job(handle.jobId());
        screen.say(Style.FAINT, "%s started".formatted(handle.jobId()));
        interrupt.tell(new Stop(handle));
        long beganNanos = System.nanoTime();
        try (ProgressBoard board = new ProgressBoard(screen)) {
            while (!handle.awaitEnd(REDRAW)) {
                handle.progress().ifPresent(counters -> show(vm, counters, percent, beganNanos, board));
            }
        }
        try {
            VerificationResult result = handle.result();
            tell(vm, result, screen);
            return new Result(exitCode(result), object(result));
        } catch (JobException e) {
            Failure failure = Failure.ofJob(e);
            screen.warn(screen.paint(Style.BAD, "error: ") + failure.message());
            return new Result(
                    failure.code(),
                    Result.object(
                            "jobId", handle.jobId(), "status", JobStatus.FAILED.text(), "error", failure.message()));
        }
    }

    private static double percent(Invocation call) {
        String text = call.value("percent").orElse("100");
        try {
            return Double.parseDouble(text.replace("%", ""));
        } catch (NumberFormatException e) {
            throw new UsageException("--percent is '%s'; a number above 0 and up to 100 is needed".formatted(text));
        }
    }

    private static void show(String vm, Counters counters, double percent, long beganNanos, ProgressBoard board) {
        double total = Math.max(1, counters.totalBytes() * percent / 100);
        long done = counters.comparedBytes() + counters.excludedBytes();
        double seconds = Math.max(0.1, (System.nanoTime() - beganNanos) / 1e9);
        double rate = counters.comparedBytes() / seconds;
        Optional<Duration> remaining = rate <= 0
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(Math.round(Math.max(0, total - done) / rate)));
        board.show(
                new Headline(
                        vm,
                        "compare",
                        Math.min(100, 100 * done / total),
                        counters.comparedBytes(),
                        Math.round(rate),
                        remaining),
                List.of());
    }

    static void tell(String vm, VerificationResult result, Screen screen) {
        JobStatus status = JobStatus.of(result.status());
        String compared = "%s compared, %s left out (changed since the restore point)"
                .formatted(Units.bytes(result.bytesCompared()), Units.bytes(result.bytesExcluded()));
        switch (status) {
            case COMPLETED ->
                screen.say(
                        result.identical()
                                ? "%s %s: %s, no difference"
                                        .formatted(vm, screen.paint(Style.GOOD, "identical"), compared)
                                : "%s %s: all that was looked at changed since the restore point (%s). Replicate it, then verify again"
                                        .formatted(
                                                vm,
                                                screen.paint(Style.WARN, "nothing compared"),
                                                Units.bytes(result.bytesExcluded())));
            case DIFFERENT ->
                screen.say("%s %s: %s in %d place(s) differ; %s"
                        .formatted(
                                vm,
                                screen.paint(Style.BAD, "different"),
                                Units.bytes(result.bytesDifferent()),
                                result.differences(),
                                compared));
            case PENDING, REPLICATING, VERIFYING, STOPPED, FAILED, INTERRUPTED, SUPERSEDED ->
                screen.say("%s %s: %s so far".formatted(vm, screen.paint(Style.WARN, result.status()), compared));
        }
        if (!result.listed().isEmpty()) {
            Table table = new Table("Disk", "Offset", "Bytes").numbers("Offset", "Bytes");
            result.listed().stream()
                    .limit(DIFFERENCES_SHOWN)
                    .forEach(found -> table.row(
                            found.diskKey(), Long.toString(found.offsetBytes()), Long.toString(found.lengthBytes())));
            screen.table(table);
            screen.say("To copy everything again: replicate start %s --mode full".formatted(Words.quote(vm)));
        }
    }

    private static ExitCode exitCode(VerificationResult result) {
        return switch (JobStatus.of(result.status())) {
            case COMPLETED -> result.identical() ? ExitCode.DONE : ExitCode.PARTLY_DONE;
            case STOPPED, INTERRUPTED -> ExitCode.INTERRUPTED;
            case DIFFERENT, PENDING, REPLICATING, VERIFYING, FAILED, SUPERSEDED -> ExitCode.FAILED;
        };
    }

    static Map<String, @Nullable Object> object(VerificationResult result) {
        return Result.object(
                "jobId", result.jobId(),
                "status", result.status(),
                "identical", result.identical(),
                "bytesTotal", result.bytesTotal(),
                "bytesCompared", result.bytesCompared(),
                "bytesExcluded", result.bytesExcluded(),
                "bytesDifferent", result.bytesDifferent(),
                "differences", result.differences(),
                "listed", result.listed().stream().map(VerifyCommand::object).toList());
    }

    private static Map<String, @Nullable Object> object(VerificationJob.Difference difference) {
        return Result.object(
                "disk", difference.diskKey(),
                "offsetBytes", difference.offsetBytes(),
                "lengthBytes", difference.lengthBytes());
    }

    private record Stop(JobHandle<VerificationResult, Counters> handle) implements Interrupt.Listener {
        @Override
        public void stop() {
            handle.requestStop();
        }

        @Override
        public String waitingFor() {
            return "Verification %s ends after the reads under way.".formatted(handle.jobId());
        }
    }
}
