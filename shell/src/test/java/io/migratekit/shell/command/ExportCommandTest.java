package io.migratekit.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.command.TypedCommands.Outcome;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code export} with {@code copy} as its client. */
@Timeout(60)
final class ExportCommandTest {
    private static final String ANY_PORT = " --listen nbd://127.0.0.1:0";

    @TempDir
    static Path folder;

    private static TypedCommands typed;
    private static Path first;
    private static Path second;

    @BeforeAll
    static void open() throws IOException {
        typed = TypedCommands.inMemory(folder.resolve("home"));
        byte[] content = new byte[3 << 20];
        new Random(3).nextBytes(content);
        first = Files.write(folder.resolve("first image.raw"), content);
        second = Files.write(folder.resolve("second.raw"), new byte[3 << 20]);
    }

    @AfterAll
    static void close() {
        typed.close();
    }

    @Test
    void servesSeveralWritableImagesByTcpUntilItIsInterrupted() throws Exception {
        try (Serving serving = new Serving("export 'disk 0=%s' b=%s --json".formatted(first, second) + ANY_PORT)) {
            JsonNode object = TypedCommands.object(serving.awaitLine());
            assertThat(object.get("status").asString()).isEqualTo("serving");
            assertThat(object.get("readOnly").asBoolean()).isFalse();
            JsonNode exports = object.get("exports");
            assertThat(exports).hasSize(2);
            assertThat(exports.get(0).get("name").asString()).isEqualTo("disk 0");
            assertThat(exports.get(0).get("image").asString()).isEqualTo(first.toString());
            String source = exports.get(0).get("uri").asString();
            String target = exports.get(1).get("uri").asString();
            assertThat(source).matches("nbd://127\\.0\\.0\\.1:[1-9]\\d*/disk%200");
            typed.run("copy %s %s".formatted(source, target)).exits(0);
            assertThat(Files.mismatch(first, second)).isEqualTo(-1);
            assertThat(serving.interrupted().exits(130).out().lines())
                    .as("the first object, and the last")
                    .hasSize(2);
        }
    }

    @Test
    void refusesWritesToWhatIsReadOnly() throws Exception {
        try (Serving serving = new Serving("export a=%s --read-only --json".formatted(second) + ANY_PORT)) {
            JsonNode object = TypedCommands.object(serving.awaitLine());
            assertThat(object.get("readOnly").asBoolean()).isTrue();
            String uri = object.get("exports").get(0).get("uri").asString();
            assertThat(typed.run("copy '%s' %s".formatted(first, uri)).exits(1).err())
                    .contains("read-only");
        }
    }

    @Test
    void warnsOfStrangersWhereTheyCanReachIt() throws Exception {
        try (Serving serving = new Serving("export a=%s --listen nbd://0.0.0.0:0".formatted(second))) {
            serving.awaitLine();
            assertThat(serving.interrupted().exits(130).err())
                    .contains("warning: everybody who reaches 0.0.0.0 may use these exports", "nbds://");
        }
    }

    @Test
    void refusesWhatItCannotServeBeforeItListens() {
        assertThat(refused("export a=%s a='%s'".formatted(second, first))).contains("two exports are named 'a'");
        assertThat(refused("export a=%s b=%s".formatted(second, second) + ANY_PORT))
                .contains("is served as 'a' already");
        assertThat(refused("export a=%s --listen nbd://127.0.0.1:0/disk".formatted(second)))
                .contains("--listen names the export 'disk'", "name=image");
        assertThat(refused("export a=%s --listen nbds://127.0.0.1:0".formatted(second)))
                .contains("nbds:// and '?tls-certificates=FOLDER' go together");
        assertThat(refused("export a=%s --listen 'nbd://127.0.0.1:0/?tls-certificates=/x'".formatted(second)))
                .contains("go together");
        assertThat(refused("export " + second)).contains("is no name=image");
        assertThat(typed.run("export a=%s/none.raw".formatted(folder) + ANY_PORT)
                        .exits(4)
                        .err())
                .contains("none.raw' does not exist");
    }

    private static String refused(String line) {
        return typed.run(line).exits(2).err();
    }

    /** An export that runs on a thread of its own until it is interrupted. */
    private static final class Serving implements AutoCloseable {
        private final StringWriter out = new StringWriter();
        private final CompletableFuture<Outcome> end = new CompletableFuture<>();
        private final Thread thread;

        Serving(String line) {
            thread = new Thread(() -> {
                try {
                    end.complete(typed.run(line, out));
                } catch (RuntimeException | Error e) {
                    end.completeExceptionally(e);
                }
            });
            thread.start();
        }

        /** Returns what it has printed once that is a line or more. */
        String awaitLine() {
            while (out.toString().indexOf('\n') < 0) {
                assertThat(end).as("the export serves").isNotDone();
                LockSupport.parkNanos(5_000_000);
            }
            return out.toString();
        }

        Outcome interrupted() {
            thread.interrupt();
            return end.join();
        }

        @Override
        public void close() {
            interrupted();
        }
    }
}
