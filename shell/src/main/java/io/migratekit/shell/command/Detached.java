package io.migratekit.shell.command;

import io.migratekit.shell.home.Home;
import io.migratekit.shell.home.OwnProcess;
import io.migratekit.shell.home.Report;
import io.migratekit.shell.line.Invocation;
import io.migratekit.shell.screen.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Hands a command over to a process of its own and waits only until that has a job. */
final class Detached {
    /** A busy machine may need this long to start a JVM and open a database. */
    private static final long JOB_NANOS = Duration.ofMinutes(2).toNanos();

    private final Home home;

    Detached(Home home) {
        this.home = home;
    }

    /** Starts the same command with {@code --wait}, and returns when its job is there or it failed before. */
    Result start(Invocation call, Screen screen) throws IOException, InterruptedException {
        // Not among the logs, which may be on a full disk of their own: a full log stops no job.
        Path folder = Files.createTempDirectory(home.folder(), "start-");
        Path output = home.logs().resolve("detached.log");
        Report report = new Report(Optional.of(folder));
        try {
            Process process = OwnProcess.detached(home, words(call), output, report);
            awaitJob(process, report);
            String jobId = report.job();
            if (jobId.isEmpty()) {
                throw failure(report, output);
            }
            screen.say(jobId);
            screen.say(
                    "Process %d works on it; 'replicate show %s' tells how far it is.".formatted(process.pid(), jobId));
            return Result.done("jobId", jobId, "status", "started", "pid", process.pid(), "log", output.toString());
        } finally {
            remove(folder);
        }
    }

    private static List<String> words(Invocation call) {
        List<String> words = new ArrayList<>(List.of(call.syntax().name().split(" ", -1)));
        call.values()
                .forEach((option, values) -> values.forEach(value -> {
                    if (!option.equals("json")) {
                        words.add(
                                call.syntax().option(option).orElseThrow().isFlag()
                                        ? "--" + option
                                        : "--" + option + "=" + value);
                    }
                }));
        words.addAll(List.of("--wait", "--json", "--"));
        words.addAll(call.arguments());
        return words;
    }

    private static void awaitJob(Process process, Report report) throws InterruptedException {
        long beganNanos = System.nanoTime();
        while (report.job().isEmpty() && process.isAlive() && System.nanoTime() - beganNanos < JOB_NANOS) {
            Thread.sleep(20);
        }
    }

    private static CommandFailure failure(Report report, Path output) {
        String result = report.result();
        if (result.isEmpty()) {
            return new CommandFailure(
                    ExitCode.FAILED, "the process ended without a job; what it said is in %s".formatted(output));
        }
        JsonNode object = JsonMapper.builder().build().readTree(result);
        int number = object.path("exitCode").asInt(ExitCode.FAILED.number());
        ExitCode code = List.of(ExitCode.values()).stream()
                .filter(candidate -> candidate.number() == number)
                .findFirst()
                .orElse(ExitCode.FAILED);
        return new CommandFailure(code, object.path("error").asString("the process failed; see " + output));
    }

    private static void remove(Path folder) throws IOException {
        for (String name : List.of("job", "job.draft", "percent", "percent.draft", "result", "result.draft")) {
            Files.deleteIfExists(folder.resolve(name));
        }
        Files.deleteIfExists(folder);
    }
}
