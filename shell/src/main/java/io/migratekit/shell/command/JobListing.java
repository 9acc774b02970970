package io.migratekit.shell.command;

import io.migratekit.job.JobStatus;
import io.migratekit.job.ledger.ReplicationJob;
import io.migratekit.job.ledger.VerificationJob;
import io.migratekit.job.operation.Replications;
import io.migratekit.job.operation.Verifications;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Table;
import io.migratekit.shell.screen.Units;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code replicate list} and {@code job list}: the newest jobs first; the latter with verifications. */
final class JobListing implements ShellCommand {
    private static final long COUNT_DEFAULT = 20;
    private static final long COUNT_MAX = 10_000;
    private static final String VERIFICATION = "verification";

    private final Engine engine;
    private final Syntax syntax;
    private final boolean allKinds;

    private JobListing(Engine engine, Syntax syntax, boolean allKinds) {
        this.engine = engine;
        this.syntax = syntax;
        this.allKinds = allKinds;
    }

    private record Row(
            String id,
            String kind,
            String vm,
            JobStatus status,
            boolean processDied,
            long doneBytes,
            long totalBytes,
            Instant createdAt,
            Map<String, @Nullable Object> object) {

        boolean isVerification() {
            return kind.equals(VERIFICATION);
        }

        Row withProcess(boolean died) {
            Map<String, @Nullable Object> known = new LinkedHashMap<>(object);
            known.put("processDied", died);
            return new Row(id, kind, vm, status, died, doneBytes, totalBytes, createdAt, known);
        }
    }

    static JobListing replications(Engine engine) {
        return new JobListing(
                engine, syntax("Replication", "replicate list", "Lists replications, the newest first"), false);
    }

    static JobListing jobs(Engine engine) {
        return new JobListing(engine, syntax("Jobs", "job list", "Lists jobs of all kinds, the newest first"), true);
    }

    private static Syntax syntax(String group, String name, String summary) {
        return Syntax.of(group, name, summary)
                .option(OptionSpec.value("limit", "COUNT", "how many at most (default " + COUNT_DEFAULT + ")"))
                .option(OptionSpec.flag("active", "only those at work"))
                .example(name)
                .example(name + " --active --json")
                .build();
    }

    @Override
    public Syntax syntax() {
        return syntax;
    }

    @Override
    public Result run(Invocation call, Screen screen, Interrupt interrupt) {
        int count = call.number("limit", 1, COUNT_MAX).orElse(COUNT_DEFAULT).intValue();
        boolean active = call.has("active");
        List<Row> rows = Stream.concat(
                        replications(active, count), allKinds ? verifications(active, count) : Stream.empty())
                .sorted(Comparator.comparing(Row::createdAt)
                        .thenComparing(Row::id)
                        .reversed())
                .limit(count)
                .map(this::withProcess)
                .toList();
        if (rows.isEmpty()) {
            screen.say(active ? "No job is at work." : "There is no job yet; 'replicate start' makes one.");
        } else {
            table(rows, screen);
            rows.stream().filter(Row::processDied).forEach(row -> screen.say(advice(row)));
        }
        return Result.done("jobs", rows.stream().map(Row::object).toList());
    }

    /** A job at work may be older than any number of others: those at work are asked for, not picked from the newest. */
    private Stream<Row> replications(boolean active, int count) {
        List<ReplicationJob> jobs = active
                ? engine.service(Replications.class).active()
                : engine.service(Replications.class).list(count);
        return jobs.stream().map(JobListing::row);
    }

    private Stream<Row> verifications(boolean active, int count) {
        List<VerificationJob> jobs = active
                ? engine.service(Verifications.class).active()
                : engine.service(Verifications.class).list(count);
        return jobs.stream().map(JobListing::row);
    }

    private Row withProcess(Row row) {
        return row.withProcess(row.status().active()
                && (row.isVerification()
                        ? engine.service(Verifications.class).processDied(row.id())
                        : engine.service(Replications.class).processDied(row.id())));
    }

    /** A replication goes on from its commits; a verification is begun anew, which ends the old one. */
    private static String advice(Row row) {
        return row.isVerification()
                ? "The process of %s died. To compare anew: verify %s".formatted(row.id(), Words.quote(row.vm()))
                : "The process of %s died. To make it restartable: job recover".formatted(row.id());
    }

    private static Row row(ReplicationJob job) {
        String kind = "replication, " + job.options().mode().text();
        var counters = job.counters();
        return new Row(
                job.id(),
                kind,
                job.machineName(),
                job.status(),
                false,
                counters.copiedBytes() + counters.zeroedBytes(),
                counters.totalBytes(),
                job.createdAt(),
                JobViews.object(job));
    }

    private static Row row(VerificationJob job) {
        return new Row(
                job.id(),
                VERIFICATION,
                job.machineName(),
                job.status(),
                false,
                job.counters().comparedBytes(),
                job.counters().totalBytes(),
                job.createdAt(),
                JobViews.object(job));
    }

    private static void table(List<Row> rows, Screen screen) {
        Table table = new Table("Job", "Kind", "VM", "Status", "Bytes", "Of", "Created")
                .numbers("Bytes", "Of")
                .shortening("VM", "Kind")
                .expendable("Created", "Of", "Bytes", "Kind");
        for (Row row : rows) {
            table.row(
                    row.id(),
                    row.kind(),
                    row.vm(),
                    row.processDied() ? "process died" : row.status().text(),
                    Units.bytes(row.doneBytes()),
                    Units.bytes(row.totalBytes()),
                    Times.shown(row.createdAt()));
        }
        screen.table(table);
    }
}
