package io.migratekit.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.command.NameSource;
import io.migratekit.shell.line.Completes;
import io.migratekit.shell.line.OptionSpec;
import io.migratekit.shell.line.StrictParser;
import io.migratekit.shell.line.Syntax;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Parser;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What TAB offers at which place of a line. */
final class LineCompleterTest {
    private static final String JOB = "job-20261101-093000.123-4f2a9c";

    private static final List<Syntax> SYNTAXES = List.of(
            Syntax.of("Replication", "replicate start", "Replicates")
                    .argument("vm", "name of the VM", Completes.VM_NAMES)
                    .option(OptionSpec.choice("mode", "how much", "auto", "full", "incremental"))
                    .option(OptionSpec.value("seed", "NUMBER", "which sample"))
                    .option(OptionSpec.flag("wait", "stay"))
                    .build(),
            Syntax.of("Replication", "replicate stop", "Stops")
                    .argument("vm-or-job", "job or VM", Completes.VM_OR_JOB)
                    .build(),
            Syntax.of("Try it", "copy", "Copies")
                    .argument("source", "an image", Completes.FILES)
                    .argument("target", "an image", Completes.FILES)
                    .build());

    @TempDir
    Path folder;

    @Test
    void offersJobIdsBesideVmsWhereBothAreTaken() throws IOException {
        assertThat(offered("replicate stop ")).contains(JOB, "web01", "Büro 1");
        assertThat(offered("replicate start ")).contains("web01", "--mode").doesNotContain(JOB);
    }

    @Test
    void offersTheValuesOfTheOptionBeforeAndNothingElse() throws IOException {
        assertThat(offered("replicate start web01 --mode ")).containsExactly("auto", "full", "incremental");
        assertThat(offered("replicate start --seed "))
                .as("a hint changes nothing")
                .containsExactly("");
        assertThat(offered("replicate start web01 --mode full --"))
                .contains("--seed", "--wait")
                .doesNotContain("--mode", "web01");
    }

    @Test
    void offersFilesAndFoldersByTheirPath() throws IOException {
        Files.createFile(folder.resolve("disk 0.raw"));
        Files.createDirectory(folder.resolve("images"));
        String begun = "copy " + folder + "/";
        assertThat(offered(begun)).contains(folder + "/disk 0.raw", folder + "/images/");
        assertThat(offered(begun + "disk\\ 0.raw " + folder + "/")).contains(folder + "/images/");
    }

    private static List<String> offered(String line) throws IOException {
        StrictParser parser = new StrictParser(SYNTAXES);
        List<Candidate> candidates = new ArrayList<>();
        try (DumbTerminal terminal = new DumbTerminal(
                "test",
                "dumb",
                new ByteArrayInputStream(new byte[0]),
                new ByteArrayOutputStream(),
                StandardCharsets.UTF_8)) {
            LineReader reader = LineReaderBuilder.builder().terminal(terminal).build();
            new LineCompleter(parser, SYNTAXES, new FewNames())
                    .complete(
                            reader,
                            TypedLine.parser().parse(line, line.length(), Parser.ParseContext.COMPLETE),
                            candidates);
        }
        return candidates.stream().map(Candidate::value).toList();
    }

    private record FewNames() implements NameSource {
        @Override
        public List<String> vmNames() {
            return List.of("web01", "Büro 1");
        }

        @Override
        public List<String> jobIds() {
            return List.of(JOB);
        }

        @Override
        public List<String> volumeNames() {
            return List.of();
        }

        @Override
        public List<String> osseaNames() {
            return List.of();
        }

        @Override
        public List<String> vcenterNames() {
            return List.of();
        }
    }
}
