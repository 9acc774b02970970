package io.migratekit.shell.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.engine.Engine;
import io.migratekit.volume.Volumes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The volume daemon as people and service managers start it, and as the program starts it for itself. */
@Timeout(240)
final class VolumeDaemonIT {
    @TempDir
    Path folder;

    @Test
    void servesUntilItIsEndedAndLetsNoSecondOneIn() throws Exception {
        Program program = new Program(folder).with("MIGRATEKIT_VOLUMES_PORT", "0");
        Path output = folder.resolve("daemon.txt");
        Process daemon = program.start(output, "volume-daemon", "--json");
        try {
            String endpoint = firstLine(daemon, output).get("endpoint").asString();
            HttpResponse<String> health = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(endpoint + "/health"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
            assertThat(program.run("volume-daemon").exits(5).err())
                    .contains("another volume daemon works on this database")
                    .contains(endpoint);
            daemon.destroy();
            assertThat(daemon.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(daemon.exitValue()).isZero();
            assertThat(Files.readString(output)).contains("\"status\":\"stopped\"");
            assertThat(storageDaemon(program.home()))
                    .as("nothing is exported, so nothing is left that would serve it")
                    .isEmpty();
        } finally {
            daemon.destroyForcibly();
        }
    }

    @Test
    void isStartedByWhoeverNeedsIt() throws Exception {
        Path home = Files.createDirectories(new Program(folder).home());
        Files.createDirectories(home.resolve("logs"));
        Files.writeString(
                home.resolve("application.yml"),
                "migratekit:\n  volumes:\n    port: 0\n    idle: 2s\n    reserve: 0\n");
        try (Properties ours = new Properties();
                Engine engine = new Engine()) {
            ours.set("migratekit.home", home.toString());
            ours.set("spring.config.additional-location", "file:" + home + "/");
            ours.set("migratekit.launcher", new Program(folder).launcher().toString());
            assertThat(engine.service(Volumes.class).volumes()).isEmpty();
            long pid = engine.service(JdbcClient.class)
                    .sql("SELECT pid FROM volume_daemon_lease WHERE held = 1")
                    .query(Long.class)
                    .single();
            assertThat(pid).isNotEqualTo(ProcessHandle.current().pid());
            Optional<ProcessHandle> daemon = ProcessHandle.of(pid);
            try {
                assertThat(engine.service(Volumes.class).health().healthy()).isTrue();
                daemon.ifPresent(process ->
                        process.onExit().orTimeout(60, TimeUnit.SECONDS).join());
                assertThat(Files.readString(home.resolve("logs/volume-daemon.log")))
                        .as("nobody needs it any more")
                        .contains("ending");
            } finally {
                daemon.ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    private static Optional<ProcessHandle> storageDaemon(Path home) throws Exception {
        Path file = home.resolve("exports/qemu.pid");
        return Files.exists(file)
                ? ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                : Optional.empty();
    }

    private static JsonNode firstLine(Process daemon, Path output) throws Exception {
        String text = "";
        while (!text.contains("\n")) {
            assertThat(daemon.isAlive()).as(text).isTrue();
            Thread.sleep(50);
            text = Files.readString(output);
        }
        return JsonMapper.builder().build().readTree(text.lines().findFirst().orElseThrow());
    }
}
