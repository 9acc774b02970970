package io.migratekit.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.Syntax;
import io.migratekit.shell.line.Words;
import org.junit.jupiter.api.Test;

/** What every command's help owes a person, over all commands at once. */
final class CommandHelpTest {

    @Test
    void everyCommandHasExamplesThatItTakesItself() {
        try (Engine engine = new Engine()) {
            Commands commands = new CommandConfiguration().commands(engine);
            assertThat(commands.syntaxes()).hasSizeGreaterThan(50).allSatisfy(syntax -> {
                if (!syntax.group().isEmpty()) { // the launcher's own command is in no list and has no readers
                    assertThat(syntax.examples()).as(syntax.name()).isNotEmpty();
                }
                syntax.examples()
                        .forEach(example -> assertThat(parsed(commands, example))
                                .as(example)
                                .isEqualTo(syntax.name()));
            });
        }
    }

    private static String parsed(Commands commands, String example) {
        Syntax syntax = commands.parser().parse(Words.of(example)).syntax();
        return syntax.name();
    }
}
