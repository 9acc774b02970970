package io.migratekit.shell.command;

import io.migratekit.job.JobStatus;
import io.migratekit.job.joblog.JobEvent;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.VerificationJob;
import io.migratekit.job.replication.ReplicationResult;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.screen.Table;
import io.migratekit.shell.screen.Units;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How jobs look: in tables, in sentences and as JSON. The keys are stable. */
final class JobViews {
    private JobViews() {}

    /** Prints jobs, one per row. */
    static void table(List<ReplicationJob> jobs, Screen screen) {
        Table table = new Table("Job", "VM", "Status", "Mode", "Copied", "Of", "Created").numbers("Copied", "Of");
        for (ReplicationJob job : jobs) {
            table.row(
                    job.id(),
                    job.machineName(),
                    job.status().text(),
                    job.options().mode().text(),
                    Units.bytes(job.counters().copiedBytes()),
                    Units.bytes(job.counters().totalBytes()),
                    Times.shown(job.createdAt()));
        }
        screen.table(table);
    }

    /** Returns a job with the keys of a result and what else is known. */
    static Map<String, @Nullable Object> object(ReplicationJob job) {
        Map<String, @Nullable Object> object = object(ReplicationResult.of(job));
        object.put("kind", "replication");
        object.put("vm", job.machineName());
        object.put("mode", job.options().mode().text());
        object.put("operation", job.operation().orElse(null));
        object.put("bytesPlanned", job.counters().plannedBytes());
        object.put("bytesPerSecond", job.counters().bytesPerSecond());
        object.put("createdAt", job.createdAt().toString());
        object.put("startedAt", job.startedAt().map(Object::toString).orElse(null));
        object.put("completedAt", job.completedAt().map(Object::toString).orElse(null));
        return object;
    }

    /** Returns a verification; its details are in {@code verify}'s own result. */
    static Map<String, @Nullable Object> object(VerificationJob job) {
        return Result.object(
                "jobId", job.id(),
                "kind", "verification",
                "vm", job.machineName(),
                "status", job.status().text(),
                "percent", job.percent(),
                "seed", job.seed(),
                "bytesTotal", job.counters().totalBytes(),
                "bytesCompared", job.counters().comparedBytes(),
                "bytesExcluded", job.counters().excludedBytes(),
                "bytesDifferent", job.counters().differentBytes(),
                "differences", job.counters().differences(),
                "message", job.error().orElse(null),
                "createdAt", job.createdAt().toString(),
                "completedAt", job.completedAt().map(Object::toString).orElse(null));
    }

    /** Returns a result as {@code --json} shows it. */
    static Map<String, @Nullable Object> object(ReplicationResult result) {
        return Result.object(
                "jobId", result.jobId(),
                "status", result.status(),
                "bytesTotal", result.bytesTotal(),
                "bytesCopied", result.bytesCopied(),
                "bytesZeroed", result.bytesZeroed(),
                "bytesSkipped", result.bytesSkipped(),
                "bytesRecopied", result.bytesRecopied(),
                "copySeconds", result.copySeconds(),
                "commitSeconds", result.commitSeconds(),
                "restarts", result.restarts(),
                "message", result.message().orElse(null));
    }

    static Map<String, @Nullable Object> object(JobEvent event) {
        return Result.object(
                "id", event.id(),
                "at", event.at().toString(),
                "level", event.level().name().toLowerCase(Locale.ROOT),
                "code", event.code(),
                "message", event.message());
    }

    /** Says how a job ended, in a line or two. */
    static void tell(String title, ReplicationResult result, Screen screen) {
        JobStatus status = JobStatus.of(result.status());
        Style style = status == JobStatus.COMPLETED ? Style.GOOD : Style.WARN;
        screen.say("%s %s: %s copied, %s zeroed, %s left as it was, in %s%s"
                .formatted(
                        title,
                        screen.paint(style, result.status()),
                        Units.bytes(result.bytesCopied()),
                        Units.bytes(result.bytesZeroed()),
                        Units.bytes(result.bytesSkipped()),
                        Units.duration(Duration.ofMillis(Math.round(result.copySeconds() * 1000))),
                        rate(result)));
        if (result.restarts() > 0) {
            screen.say("Restarted %d time(s); at most %s were copied again."
                    .formatted(result.restarts(), Units.bytes(result.bytesRecopied())));
        }
        result.message().ifPresent(screen::say);
        if (status.restartable()) {
            screen.say("'replicate restart %s' goes on from the last commit.".formatted(result.jobId()));
        }
    }

    /** Returns the style of an event's line. */
    static Style style(JobEvent event) {
        return switch (event.level()) {
            case INFO -> Style.PLAIN;
            case WARN -> Style.WARN;
            case ERROR -> Style.BAD;
        };
    }

    private static String rate(ReplicationResult result) {
        double seconds = result.copySeconds();
        return seconds <= 0 || result.restarts() > 0
                ? ""
                : " (" + Units.perSecond(result.bytesCopied() / seconds) + ")";
    }
}
