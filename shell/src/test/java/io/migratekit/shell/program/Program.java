package io.migratekit.shell.program;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starts {@code ./migratekit} with a home of its own and waits for its end. */
public final class Program {
    private static final long SECONDS_MAX = 120;

    private final Path home;
    private Path launcher = Path.of(System.getProperty("migratekit.root", ".."))
            .toAbsolutePath()
            .normalize()
            .resolve("migratekit");
    private final Map<String, String> settings = new HashMap<>();
    private Path workingFolder;

    public Program(Path folder) {
        this.home = folder.resolve("home");
        this.workingFolder = folder;
    }

    /** What came out. */
    public record Outcome(int exitCode, String out, String err) {
        public JsonNode json() {
            List<String> lines = out.strip().lines().toList();
            assertThat(lines).as("standard output; standard error was: %s", err).isNotEmpty();
            return JsonMapper.builder().build().readTree(lines.get(lines.size() - 1));
        }

        public Outcome exits(int expected) {
            assertThat(exitCode).as("exit code; out: %s err: %s", out, err).isEqualTo(expected);
            return this;
        }
    }

    public Path home() {
        return home;
    }

    public Path launcher() {
        return launcher;
    }

    public Program startedBy(Path otherLauncher) {
        launcher = otherLauncher;
        return this;
    }

    public Program in(Path folder) {
        workingFolder = folder;
        return this;
    }

    /** Sets an environment variable for what is started from now on. */
    public Program with(String name, String value) {
        settings.put(name, value);
        return this;
    }

    public Outcome run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(workingFolder, "out", ".txt");
        Path err = Files.createTempFile(workingFolder, "err", ".txt");
        Process process = builder(arguments)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS))
                    .as("%s ends", List.of(arguments))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }

    public Process start(Path output, String... arguments) throws IOException {
        return builder(arguments)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private ProcessBuilder builder(String... arguments) {
        // A shell starts what goes into the background with SIGINT ignored, and children keep that.
        List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT", launcher.toString()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).directory(workingFolder.toFile());
        builder.environment().put("MIGRATEKIT_HOME", home.toString());
        builder.environment().put("MIGRATEKIT_SKIP_BUILD", "1");
        builder.environment().putAll(settings);
        builder.redirectInput(Path.of("/dev/null").toFile());
        return builder;
    }
}
