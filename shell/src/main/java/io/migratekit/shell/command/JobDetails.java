package io.migratekit.shell.command;

import io.migratekit.job.JobException;
import io.migratekit.job.joblog.JobStep;
import io.migratekit.job.ledger.ReplicationDisk;
import io.migratekit.job.ledger.ReplicationDisks.DiskCounters;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.VerificationJob;
import io.migratekit.job.operation.Replications;
import io.migratekit.job.operation.Verifications;
import io.migratekit.job.verification.VerificationResult;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import io.migratekit.shell.screen.Table;
import io.migratekit.shell.screen.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code replicate show} and {@code job show}: one job with its disks and steps. */
final class JobDetails implements ShellCommand {
    private final Engine engine;
    private final Syntax syntax;

    private JobDetails(Engine engine, Syntax syntax) {
        this.engine = engine;
        this.syntax = syntax;
    }

    static JobDetails replication(Engine engine) {
        return new JobDetails(
                engine, syntax("Replication", "replicate show", "Shows a replication with its disks and steps"));
    }

    static JobDetails job(Engine engine) {
        return new JobDetails(engine, syntax("Jobs", "job show", "Shows a job with its disks and steps"));
    }

    private static Syntax syntax(String group, String name, String summary) {
        return Syntax.of(group, name, summary)
                .argument("vm-or-job", "job id, or a VM's name for its newest job", Completes.VM_OR_JOB)
                .example(name + " web01")
                .example(name + " job-20261101-093000.123-4f2a9c --json")
                .build();
    }

    @Override
    public Syntax syntax() {
        return syntax;
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        Replications replications = engine.service(Replications.class);
        ReplicationJob job;
        try {
            job = replications.find(call.argument(0));
        } catch (JobException.NoSuch e) {
            return verification(call.argument(0), e, screen);
        }
        List<ReplicationDisk> disks = replications.disks(job);
        List<DiskCounters> counters = replications.diskCounters(job);
        List<JobStep> steps = replications.steps(job.id());
        head(job, replications, screen);
        disks(disks, counters, screen);
        steps(steps, screen);
        Map<String, @Nullable Object> object = JobViews.object(job);
        object.put("disks", disks.stream().map(disk -> object(disk, counters)).toList());
        object.put("steps", steps.stream().map(JobDetails::object).toList());
        return new Result(ExitCode.DONE, object);
    }

    /** The id may be a verification's; if it is not, what was said about replications stands. */
    private Result verification(String id, JobException.NoSuch noReplication, Screen screen) {
        Verifications verifications = engine.service(Verifications.class);
        VerificationJob job;
        try {
            job = verifications.find(id);
        } catch (JobException.NoSuch e) {
            throw noReplication;
        }
        VerificationResult result = VerificationResult.of(job, verifications.differences(id));
        VerifyCommand.tell(job.machineName(), result, screen);
        job.error().ifPresent(screen::say);
        return new Result(ExitCode.DONE, VerifyCommand.object(result));
    }

    private static void head(ReplicationJob job, Replications replications, Screen screen) {
        screen.say("%s  %s".formatted(screen.paint(Style.STRONG, job.id()), job.machineName()));
        line(
                screen,
                "status",
                job.status().text() + job.operation().map(text -> ", " + text).orElse(""));
        replications
                .holder(job)
                .ifPresent(holder -> line(
                        screen,
                        "process",
                        "%d on %s%s"
                                .formatted(
                                        holder.owner().pid(), holder.owner().host(), holder.dead() ? ", dead" : "")));
        line(screen, "mode", job.options().mode().text());
        line(screen, "created", Times.shown(job.createdAt()));
        line(screen, "completed", Times.shown(job.completedAt()));
        line(screen, "restarts", Integer.toString(job.restarts()));
        var counters = job.counters();
        line(
                screen,
                "bytes",
                "%s copied, %s zeroed, %s left as it was, of %s; %s copied again at most"
                        .formatted(
                                Units.bytes(counters.copiedBytes()),
                                Units.bytes(counters.zeroedBytes()),
                                Units.bytes(counters.skippedBytes()),
                                Units.bytes(counters.totalBytes()),
                                Units.bytes(counters.recopiedBytes())));
        line(screen, "copying", Units.duration(Duration.ofMillis(counters.copyMillis())));
        job.error().ifPresent(error -> line(screen, "message", error));
    }

    private static void line(Screen screen, String label, String value) {
        screen.say("  %-10s %s".formatted(label, value));
    }

    private static void disks(List<ReplicationDisk> disks, List<DiskCounters> counters, Screen screen) {
        if (disks.isEmpty()) {
            return;
        }
        screen.say("");
        Table table =
                new Table("Disk", "Mode", "State", "Copied", "Of", "Source", "Target", "Why").numbers("Copied", "Of");
        for (ReplicationDisk disk : disks) {
            table.row(
                    disk.key().text(),
                    disk.mode().text(),
                    disk.state().name().toLowerCase(Locale.ROOT),
                    Units.bytes(of(disk, counters).copiedBytes()),
                    Units.bytes(disk.capacityBytes()),
                    disk.source(),
                    disk.target().text(),
                    disk.reason());
        }
        screen.table(table);
    }

    private static void steps(List<JobStep> steps, Screen screen) {
        if (steps.isEmpty()) {
            return;
        }
        screen.say("");
        Table table = new Table("Step", "Status", "Began", "Took");
        for (JobStep step : steps) {
            String took = step.completedAt()
                    .map(end -> Units.duration(Duration.between(step.startedAt(), end)))
                    .orElse("–");
            table.row(step.name(), step.status(), Times.shown(step.startedAt()), took);
        }
        screen.table(table);
        steps.forEach(step -> step.error().ifPresent(error -> screen.say("  " + step.name() + ": " + error)));
    }

    private static DiskCounters of(ReplicationDisk disk, List<DiskCounters> counters) {
        return counters.stream()
                .filter(candidate -> candidate.key().equals(disk.key()))
                .findFirst()
                .orElse(new DiskCounters(disk.key(), disk.capacityBytes(), 0, 0, 0));
    }

    private static Map<String, @Nullable Object> object(ReplicationDisk disk, List<DiskCounters> all) {
        DiskCounters counters = of(disk, all);
        return Result.object(
                "disk", disk.key().text(),
                "source", disk.source(),
                "target", disk.target().text(),
                "mode", disk.mode().text(),
                "reason", disk.reason(),
                "state", disk.state().name().toLowerCase(Locale.ROOT),
                "bytesTotal", disk.capacityBytes(),
                "bytesCopied", counters.copiedBytes(),
                "bytesZeroed", counters.zeroedBytes(),
                "bytesSkipped", counters.skippedBytes(),
                "since", disk.since().map(Object::toString).orElse(null),
                "changeId", disk.changeId().map(Object::toString).orElse(null));
    }

    private static Map<String, @Nullable Object> object(JobStep step) {
        return Result.object(
                "number", step.number(),
                "name", step.name(),
                "status", step.status(),
                "startedAt", step.startedAt().toString(),
                "completedAt", step.completedAt().map(Instant::toString).orElse(null),
                "error", step.error().orElse(null));
    }
}
