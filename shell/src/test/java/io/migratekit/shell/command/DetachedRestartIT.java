package io.migratekit.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.program.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A restart that is handed over to a process of its own, and watched from this one. */
final class DetachedRestartIT {
    private static final String LAUNCHER = "migratekit.launcher";

    @TempDir
    Path folder;

    @Test
    void aJobGoesOnInAProcessOfItsOwnAndIsFollowedToItsEnd() throws Exception {
        byte[] content = new byte[4 << 20];
        new Random(5).nextBytes(content);
        Path source = Files.write(folder.resolve("source.raw"), content);
        Path away = folder.resolve("away.raw");
        Path target = folder.resolve("target.raw");
        System.setProperty(LAUNCHER, new Program(folder).launcher().toString());
        try (TypedCommands typed = TypedCommands.onDisk(folder.resolve("home"))) {
            typed.run("vm add web01 --disk '%s=%s'".formatted(source, target)).exits(0);
            Files.move(source, away);
            String id = typed.run("replicate start web01 --wait --json")
                    .exits(4)
                    .json()
                    .get("jobId")
                    .asString();
            Files.move(away, source);
            JsonNode started =
                    typed.run("replicate restart web01 --json").exits(0).json();
            assertThat(started.get("jobId").asString()).isEqualTo(id);
            assertThat(started.get("status").asString()).isEqualTo("started");
            assertThat(started.get("pid").asLong())
                    .isNotEqualTo(ProcessHandle.current().pid());
            assertThat(status(typed)).as("at once").isIn("replicating", "completed");
            assertThat(typed.run("job events %s --follow".formatted(id))
                            .exits(0)
                            .out())
                    .contains("restarted", "it goes on from its last commits");
            assertThat(status(typed)).isEqualTo("completed");
            assertThat(typed.run("replicate restart " + id).exits(1).err()).contains(id + " is completed");
        } finally {
            System.clearProperty(LAUNCHER);
        }
        assertThat(Files.mismatch(source, target)).isEqualTo(-1);
    }

    private static String status(TypedCommands typed) {
        return typed.run("replicate show web01 --json")
                .exits(0)
                .json()
                .get("status")
                .asString();
    }
}
