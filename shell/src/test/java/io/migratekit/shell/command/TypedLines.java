package io.migratekit.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.line.UsageException;
import io.migratekit.shell.line.Words;
import io.migratekit.shell.screen.Screen;
import java.io.PrintWriter;
import java.io.StringWriter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Some commands as a person types them who has no terminal. What goes to both streams comes out as one text. */
public final class TypedLines {
    private final Commands commands;

    public TypedLines(Commands commands) {
        this.commands = commands;
    }

    /** Runs a line that ends well, and returns what was printed. */
    public String done(String line) {
        return fails(0, line);
    }

    /** Runs a line that ends well with {@code --json}, and returns the one object. */
    public JsonNode json(String line) {
        return JsonMapper.shared().readTree(done(line + " --json"));
    }

    /** Runs a line that ends with that code, and returns what was printed. */
    public String fails(int code, String line) {
        StringWriter out = new StringWriter();
        Screen screen = Screen.on(new PrintWriter(out), new PrintWriter(out), false, false, () -> {
            throw new IllegalStateException("nobody draws here");
        });
        int ended;
        try (Interrupt interrupt = Interrupt.catching()) {
            ended = commands.run(commands.parser().parse(Words.of(line)), screen, interrupt)
                    .number();
        } catch (UsageException e) {
            ended = commands.failed(e, screen).number();
        }
        assertThat(ended).as("%s: %s", line, out).isEqualTo(code);
        return out.toString();
    }
}
