package io.migratekit.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.config.MigrateKitSettings;
import io.migratekit.shell.engine.Engine;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.Syntax;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page for operators names every command, option and setting that there is, and none that there is not. */
final class OperationsPageTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern OPTION = Pattern.compile("--([a-z][a-z-]*)");

    /** Options that every command has, or that the launcher's own use alone has. */
    private static final Set<String> EVERYWHERE = Set.of("json", "help");

    private static final Set<String> INTERNAL = Set.of("automatic");

    private static List<String> page;
    private static List<Syntax> commands;

    @BeforeAll
    static void read() throws IOException {
        Path root = Path.of(System.getProperty("migratekit.root", ".."));
        page = Files.readAllLines(root.resolve("docs/OPERATIONS.md"));
        try (Engine engine = new Engine()) {
            commands = new CommandConfiguration()
                    .commands(engine).syntaxes().stream()
                            .filter(syntax -> !syntax.group().isEmpty()) // the launcher's own command has no readers
                            .toList();
        }
    }

    @Test
    void describesEveryCommandAndNoneThatThereIsNot() {
        Set<String> described = new TreeSet<>();
        for (String row : rows("Commands", "### ")) {
            for (String code : codes(cell(row, 0))) {
                assertThat(command(code)).as("a command that begins '%s'", code).isPresent();
                described.add(command(code).orElseThrow().name());
            }
        }
        assertThat(described)
                .containsExactlyInAnyOrderElementsOf(
                        commands.stream().map(Syntax::name).toList());
    }

    @Test
    void describesEveryOptionAndNoneThatThereIsNot() {
        List<String> missing = new ArrayList<>();
        List<String> invented = new ArrayList<>();
        for (Syntax syntax : commands) {
            Set<String> there = syntax.options().stream().map(OptionSpec::name).collect(Collectors.toSet());
            Set<String> told = new TreeSet<>();
            rows("Commands", "### ").stream()
                    .filter(row -> names(row, syntax))
                    .forEach(row -> told.addAll(
                            found(OPTION, row).map(match -> match.group(1)).toList()));
            there.stream()
                    .filter(option ->
                            !told.contains(option) && !EVERYWHERE.contains(option) && !INTERNAL.contains(option))
                    .forEach(option -> missing.add(syntax.name() + " --" + option));
        }
        for (String row : rows("Commands", "### ")) {
            Set<String> there = codes(cell(row, 0)).stream()
                    .flatMap(code -> command(code).stream())
                    .flatMap(syntax -> syntax.options().stream())
                    .map(OptionSpec::name)
                    .collect(Collectors.toSet());
            found(OPTION, cell(row, 0) + cell(row, 2))
                    .map(match -> match.group(1))
                    .filter(option -> !there.contains(option) && !EVERYWHERE.contains(option))
                    .forEach(option -> invented.add(cell(row, 0) + " --" + option));
        }
        assertThat(missing).as("options that are not described").isEmpty();
        assertThat(invented).as("options that there are not").isEmpty();
    }

    @Test
    void describesEverySettingAndNoneThatThereIsNot() {
        Set<String> there = new TreeSet<>();
        settings("", MigrateKitSettings.class, there);
        there.remove("home"); // the environment variable MIGRATEKIT_HOME, since it has to be known before any setting
        Set<String> described = new TreeSet<>();
        for (String heading : List.of("Settings", "The volume daemon", "The VMA API")) {
            for (String row : rows(heading, "## ")) {
                String prefix = "";
                for (String code : codes(cell(row, 0))) {
                    if (code.matches("[a-z]+\\.[a-z-]+")) {
                        prefix = code.substring(0, code.indexOf('.') + 1);
                        described.add(code);
                    } else if (!prefix.isEmpty()) {
                        described.add(prefix + code);
                    }
                }
            }
        }
        assertThat(described).containsExactlyInAnyOrderElementsOf(there);
    }

    private static void settings(String prefix, Class<?> type, Set<String> into) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name =
                    prefix + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            boolean group = component.getType().isRecord()
                    && component.getType().getPackageName().equals(MigrateKitSettings.class.getPackageName());
            if (group) {
                settings(name + ".", component.getType(), into);
            } else {
                into.add(name);
            }
        }
    }

    /** Returns the command with the longest name that a line of the page begins with. */
    private static Optional<Syntax> command(String code) {
        return commands.stream()
                .filter(syntax -> (code + " ").startsWith(syntax.name() + " "))
                .max(Comparator.comparingInt(syntax -> syntax.name().length()));
    }

    private static boolean names(String row, Syntax syntax) {
        return codes(cell(row, 0)).stream()
                .anyMatch(code -> command(code).filter(syntax::equals).isPresent());
    }

    /** Returns the rows of all tables under a heading, until another one of that or a lesser depth. */
    private static List<String> rows(String heading, String end) {
        int from = page.indexOf("## " + heading);
        assertThat(from).as("## " + heading).isNotNegative();
        return page.subList(from + 1, page.size()).stream()
                .takeWhile(line -> !line.startsWith("## ") && !line.startsWith(end))
                .filter(line -> line.startsWith("| `"))
                .toList();
    }

    private static String cell(String row, int index) {
        String[] cells = row.substring(1).split("(?<!\\\\)\\|", -1);
        return cells[index];
    }

    private static List<String> codes(String cell) {
        return found(CODE, cell).map(match -> match.group(1)).toList();
    }

    private static Stream<MatchResult> found(Pattern pattern, String text) {
        return pattern.matcher(text).results();
    }
}
