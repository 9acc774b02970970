package io.migratekit.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.home.Home;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All commands as a person types them, over an engine of their own in this process, which is open from the start. */
final class TypedCommands implements AutoCloseable {
    /** Small chunks, so that a job has many commits; a peer that is gone is given up soon. */
    private static final Map<String, String> SETTINGS = Map.of(
            "migratekit.chunk.bytes", "1MB",
            "migratekit.copy.window", "2MB",
            "migratekit.copy.reconnect-timeout", "0s",
            "migratekit.lease.heartbeat", "200ms",
            "migratekit.volumes.engine", "embedded",
            "migratekit.volumes.port", "0",
            "migratekit.volumes.reserve", "0",
            "logging.threshold.console", "off");

    private static final String DATABASE = "spring.datasource.url";

    private final Engine engine = new Engine();
    private final Commands commands;
    private final Interrupt interrupt = Interrupt.catching();

    private TypedCommands(Path home) throws IOException {
        System.setProperty("h2.bindAddress", "127.0.0.1"); // as the program does, before H2 is asked for anything
        System.setProperty("migratekit.home", home.toString());
        SETTINGS.forEach(System::setProperty);
        new Home(home).make();
        commands = new CommandConfiguration().commands(engine);
        engine.service(JdbcClient.class);
    }

    /** Opens them over a database in memory. */
    static TypedCommands inMemory(Path home) throws IOException {
        System.setProperty(
                DATABASE,
                "jdbc:h2:mem:%s;MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;DB_CLOSE_DELAY=-1"
                        .formatted(UUID.randomUUID()));
        return new TypedCommands(home);
    }

    /** Opens them over the database of that home, which other processes may open beside them. */
    static TypedCommands onDisk(Path home) throws IOException {
        return new TypedCommands(home);
    }

    /** What came out. */
    record Outcome(String line, int exitCode, String out, String err) {
        Outcome exits(int expected) {
            assertThat(exitCode).as("%s: %s%s", line, out, err).isEqualTo(expected);
            return this;
        }

        /** Returns the one object that {@code --json} prints; fails if there is anything beside it. */
        JsonNode json() {
            assertThat(out.lines()).as(line).hasSize(1);
            return object(out);
        }

        String all() {
            return out + err;
        }
    }

    static JsonNode object(String text) {
        return JsonMapper.builder().build().readTree(text);
    }

    Engine engine() {
        return engine;
    }

    List<Syntax> syntaxes() {
        return commands.syntaxes();
    }

    Outcome run(String line) {
        return run(line, new StringWriter());
    }

    /** Runs a line; what it prints can be read while it does. */
    Outcome run(String line, StringWriter out) {
        StringWriter err = new StringWriter();
        Screen screen = Screen.on(new PrintWriter(out), new PrintWriter(err), false, false, () -> {
            throw new IllegalStateException("nobody draws here");
        });
        ExitCode code;
        try {
            code = commands.run(commands.parser().parse(Words.of(line)), screen, interrupt);
        } catch (UsageException e) {
            code = commands.failed(e, screen);
        }
        return new Outcome(line, code.number(), out.toString(), err.toString());
    }

    CompletableFuture<Outcome> start(String line) {
        return CompletableFuture.supplyAsync(() -> run(line));
    }

    @Override
    public void close() {
        engine.close();
        interrupt.close();
        SETTINGS.keySet().forEach(System::clearProperty);
        System.clearProperty(DATABASE);
        System.clearProperty("migratekit.home");
    }
}
