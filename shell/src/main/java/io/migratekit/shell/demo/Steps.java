package io.migratekit.shell.demo;

import io.migratekit.shell.home.Home;
import io.migratekit.shell.home.OwnProcess;
import io.migratekit.shell.home.Report;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs command lines of this program for a person to watch. Thread-confined. */
final class Steps implements AutoCloseable {
    /** Small enough for many commits in the few seconds that a demonstration's copy takes. */
    private static final Map<String, String> SETTINGS = Map.of(
            "MIGRATEKIT_CHUNK_BYTES", "8MB",
            "MIGRATEKIT_COPY_WINDOW", "4MB");

    private final Home home;
    private final Screen screen;
    private int count;
    private Optional<Process> running = Optional.empty();

    Steps(Home home, Screen screen) {
        this.home = home;
        this.screen = screen;
    }

    /** Says what comes next. */
    void next(String title) {
        count++;
        screen.say("");
        screen.say(Style.STRONG, count + ". " + title);
    }

    /** Runs a command to its end. */
    JsonNode run(String... words) throws IOException, InterruptedException {
        Path folder = start(words);
        int exitCode = running.orElseThrow().waitFor();
        running = Optional.empty();
        if (exitCode != 0) {
            throw new IOException("'migratekit %s' ended with exit code %d; its home is %s"
                    .formatted(line(words), exitCode, home.folder()));
        }
        return JsonMapper.builder().build().readTree(new Report(Optional.of(folder)).result());
    }

    /**
     * Starts a command and kills it without warning.
     *
     * @param percent how far it may come
     * @return how far it was
     */
    int kill(int percent, String... words) throws IOException, InterruptedException {
        Report report = new Report(Optional.of(start(words)));
        Process process = running.orElseThrow();
        while (report.percent() < percent && process.isAlive()) {
            Thread.sleep(10);
        }
        process.destroyForcibly(); // SIGKILL: no handler, no shutdown hook
        process.waitFor();
        running = Optional.empty();
        screen.say("");
        return report.percent();
    }

    @Override
    public void close() {
        running.ifPresent(Process::destroyForcibly);
    }

    private Path start(String... words) throws IOException {
        screen.say(screen.paint(Style.FAINT, "$ ") + screen.paint(Style.BUSY, "migratekit " + shown(words)));
        Path folder = Files.createTempDirectory(home.folder(), "report");
        ProcessBuilder builder = OwnProcess.child(home, List.of(words));
        builder.environment().put(Report.VARIABLE, folder.toString());
        builder.environment().putAll(SETTINGS);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.redirectOutput(
                screen.json()
                        ? ProcessBuilder.Redirect.appendTo(
                                home.folder().resolve("output").toFile())
                        : ProcessBuilder.Redirect.INHERIT);
        running = Optional.of(builder.start());
        return folder;
    }

    /** The folder of a demonstration has a long name that says nothing. */
    private String shown(String... words) {
        return line(words).replace(home.folder().toString(), "$DEMO");
    }

    private static String line(String... words) {
        return List.of(words).stream().map(Words::quote).collect(Collectors.joining(" "));
    }
}
