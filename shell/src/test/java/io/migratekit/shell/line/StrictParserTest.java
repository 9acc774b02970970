package io.migratekit.shell.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StrictParserTest {
    private final StrictParser parser = new StrictParser(List.of(
            Syntax.of("VMs", "vm add", "Adds")
                    .argument("name", "a name", Completes.NOTHING)
                    .option(OptionSpec.value("disk", "SOURCE=TARGET", "a disk")
                            .manyTimes()
                            .always())
                    .option(OptionSpec.flag("force", "do it"))
                    .build(),
            Syntax.of("VMs", "vm list", "Lists").build(),
            Syntax.of("Replication", "replicate start", "Starts")
                    .argument("vm", "a VM", Completes.VM_NAMES)
                    .option(OptionSpec.choice("mode", "how much", "auto", "full"))
                    .option(OptionSpec.value("limit", "COUNT", "how many"))
                    .build(),
            Syntax.of("Console", "help", "Helps")
                    .arguments("command", "words", true, Completes.COMMANDS)
                    .build()));

    @Test
    void keepsBlanksQuotesAndUnicodeOfAWord() {
        Invocation call = parse("vm", "add", "Büro \"1\" 'x'", "--disk", "/a b/c=d");
        assertThat(call.argument(0)).isEqualTo("Büro \"1\" 'x'");
        assertThat(call.values("disk")).containsExactly("/a b/c=d");
    }

    @Test
    void collectsARepeatableOptionInOrder() {
        Invocation call = parse("vm", "add", "--disk=b=1", "web", "--disk", "a=2");
        assertThat(call.values("disk")).containsExactly("b=1", "a=2");
        assertThat(call.arguments()).containsExactly("web");
    }

    @Test
    void takesAFlagWithoutAValueOnATwoWordCommand() {
        Invocation call = parse("vm", "add", "--force", "web", "--disk", "a=b");
        assertThat(call.has("force")).isTrue();
        assertThat(call.argument(0)).isEqualTo("web");
    }

    @Test
    void keepsAnEmptyValue() {
        assertThat(parse("replicate", "start", "x", "--limit=").value("limit")).hasValue("");
    }

    @Test
    void takesEverythingAfterTwoDashesAsArguments() {
        assertThat(parse("help", "--", "--json", "-x").arguments()).containsExactly("--json", "-x");
    }

    @Test
    void takesAValueThatBeginsWithOneDash() {
        assertThat(parse("replicate", "start", "x", "--limit", "-1").value("limit"))
                .hasValue("-1");
    }

    @Test
    void knowsTheOptionsOfAllCommands() {
        assertThat(parse("vm", "list", "--json").json()).isTrue();
        assertThat(parse("vm", "list", "-h").has("help")).isTrue();
    }

    @Test
    void asksNothingMoreOfOneWhoWantsHelp() {
        assertThat(parse("vm", "add", "--help").has("help")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    replicate start x --mod full      | there is no option '--mod'; did you mean '--mode'?
                    replicate start x --josn          | did you mean '--json'?
                    replicate start x -mode full      | did you mean '--mode'?
                    replicate start x --bogus         | 'help replicate start' lists what there is
                    replicate strat x                 | did you mean 'replicate start'?
                    replciate start x                 | did you mean 'replicate'?
                    vm                                | 'vm' needs one more word: vm add, vm list
                    frobnicate                        | 'help' lists what there is
                    replicate start                   | <vm> is missing (a VM)
                    replicate start x y               | 'y' is one argument too many
                    replicate start x --mode          | --mode needs a value
                    replicate start x --limit --json  | --limit needs a value
                    replicate start x --mode sideways | --mode is 'sideways'; it must be one of auto, full
                    replicate start x --limit 1 --limit 2 | --limit is given twice
                    replicate start x --json --json   | --json is given twice
                    vm add web --force=yes --disk a=b | --force takes no value
                    vm add web                        | --disk <SOURCE=TARGET> is missing
                    """)
    void refusesWhatItDoesNotKnow(String line, String message) {
        assertThatThrownBy(() -> parser.parse(Words.of(line)))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesANumberThatIsNoneOrOutOfRange() {
        Invocation call = parse("replicate", "start", "x", "--limit", "1e3");
        assertThatThrownBy(() -> call.number("limit", 1, 10)).hasMessageContaining("a whole number from 1 to 10");
        assertThat(parse("replicate", "start", "x", "--limit", "10").number("limit", 1, 10))
                .hasValue(10L);
    }

    private Invocation parse(String... words) {
        return parser.parse(List.of(words));
    }
}
