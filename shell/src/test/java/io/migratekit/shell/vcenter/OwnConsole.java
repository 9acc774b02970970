package io.migratekit.shell.vcenter;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.command.CommandConfiguration;
import io.migratekit.shell.command.Commands;
import io.migratekit.shell.command.Interrupt;
import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.screen.Screen;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** All commands of the program, with the engine and a home of their own, within this process: dozens in seconds. */
final class OwnConsole implements AutoCloseable {
    private static final List<String> HOME_PROPERTIES = List.of("migratekit.home", "MIGRATEKIT_HOME");

    private final AnnotationConfigApplicationContext context;
    private final Commands commands;

    /** Opens one; the home's application.yml counts. */
    OwnConsole(Path home) {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        HOME_PROPERTIES.forEach(name -> System.setProperty(name, home.toString()));
        context = new AnnotationConfigApplicationContext(CommandConfiguration.class);
        commands = context.getBean(Commands.class);
    }

    /** What came out. */
    record Outcome(String words, int exitCode, String out, String err) {
        Outcome exits(int expected) {
            assertThat(exitCode).as("%s; out: %s err: %s", words, out, err).isEqualTo(expected);
            return this;
        }

        JsonNode json() {
            return JsonMapper.builder().build().readTree(out);
        }
    }

    Outcome run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Screen screen = Screen.on(new PrintWriter(out), new PrintWriter(err), false, false, () -> {
            throw new IllegalStateException("nobody draws here");
        });
        int exitCode;
        try (Interrupt interrupt = Interrupt.catching()) {
            exitCode = commands.run(commands.parser().parse(List.of(words)), screen, interrupt)
                    .number();
        } catch (UsageException e) {
            exitCode = commands.failed(e, screen).number();
        }
        return new Outcome(String.join(" ", words), exitCode, out.toString(), err.toString());
    }

    @Override
    public void close() {
        context.close();
        HOME_PROPERTIES.forEach(System::clearProperty);
    }
}
