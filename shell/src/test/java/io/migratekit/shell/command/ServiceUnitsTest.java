package io.migratekit.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The units for systemd start commands that there are, confined, and let exports outlive the daemon. */
final class ServiceUnitsTest {
    private static final String PROGRAM = "/opt/migratekit/migratekit ";

    @Test
    void startCommandsThatThereAre() throws IOException {
        List<Path> units = units();
        assertThat(units).hasSize(2);
        try (Engine engine = new Engine()) {
            Commands commands = new CommandConfiguration().commands(engine);
            for (Path unit : units) {
                String command = value(unit, "ExecStart");
                assertThat(command).as(unit.toString()).startsWith(PROGRAM);
                String line = command.substring(PROGRAM.length());
                assertThat(commands.parser().parse(Words.of(line)).syntax().name())
                        .as(unit.toString())
                        .isEqualTo(unit.getFileName().toString().replaceAll("migratekit-(.*)\\.service", "$1"));
            }
        }
    }

    @Test
    void areConfinedAndKeepWhatTheyServe() throws IOException {
        for (Path unit : units()) {
            assertThat(value(unit, "User")).as(unit.toString()).isEqualTo("migratekit");
            assertThat(value(unit, "NoNewPrivileges")).isEqualTo("yes");
            assertThat(value(unit, "ProtectSystem")).isEqualTo("strict");
            assertThat(value(unit, "CapabilityBoundingSet")).isEmpty();
            assertThat(value(unit, "RestartPreventExitStatus")).isEqualTo("2");
            assertThat(Files.readString(unit)).doesNotContain("PASSWORD=", "TOKEN=");
        }
        assertThat(value(folder().resolve("migratekit-volume-daemon.service"), "KillMode"))
                .as("the end of the daemon is not the end of exports")
                .isEqualTo("process");
    }

    static List<Path> units() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.sorted().toList();
        }
    }

    private static Path folder() {
        return Path.of(System.getProperty("migratekit.root", "..")).resolve("config/systemd");
    }

    private static String value(Path unit, String key) throws IOException {
        List<String> values = Files.readAllLines(unit).stream()
                .filter(line -> line.startsWith(key + "="))
                .map(line -> line.substring(key.length() + 1))
                .toList();
        assertThat(values).as("%s in %s", key, unit).hasSize(1);
        return values.get(0);
    }
}
