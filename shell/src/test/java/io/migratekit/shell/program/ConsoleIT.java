package io.migratekit.shell.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.shell.home.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person or a script sees of the program, without a database. */
final class ConsoleIT {
    @TempDir
    Path folder;

    private Program program;

    @BeforeEach
    void program() {
        program = new Program(folder);
    }

    @Test
    void printsTheVersionAndOpensNoDatabase() throws Exception {
        var outcome = program.run("version", "--json").exits(0);
        assertThat(outcome.json().get("version").asString()).isEqualTo(Version.current());
        assertThat(outcome.out().lines()).hasSize(1);
        assertThat(program.home().resolve("db")).isEmptyDirectory();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(program.home())))
                .isEqualTo("rwx------");
    }

    @Test
    void explainsItselfInThreeWays() throws Exception {
        String help = program.run("help", "copy").exits(0).out();
        assertThat(help).contains("usage: migratekit copy", "--destination-is-zero", "Examples");
        assertThat(program.run("copy", "--help").exits(0).out().strip()).isEqualTo(help.strip());
        assertThat(program.run("--help").exits(0).out()).contains("replicate start", "Exit codes");
    }

    @Test
    void refusesAMistypedOptionWithTheNearestRightOne() throws Exception {
        var outcome = program.run("copy", "a", "b", "--destination-is-zer0").exits(2);
        assertThat(outcome.err()).contains("did you mean '--destination-is-zero'?");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void refusesAMistypedCommandWithTheNearestRightOne() throws Exception {
        assertThat(program.run("replciate", "start", "x").exits(2).err()).contains("did you mean 'replicate'?");
    }

    @Test
    void tellsAnErrorAsJsonToo() throws Exception {
        var json = program.run("version", "--bogus", "--json").exits(2).json();
        assertThat(json.get("exitCode").asInt()).isEqualTo(2);
        assertThat(json.get("error").asString()).contains("no option '--bogus'");
    }

    @Test
    void worksThroughASymlinkFromAnotherFolderWithBlanks() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("an other folder"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("mk link"), program.launcher());
        program.startedBy(link).in(elsewhere).run("version").exits(0);
    }

    @Test
    void looksAtTheMachine() throws Exception {
        var outcome = program.run("doctor", "--json");
        assertThat(outcome.json().get("findings")).isNotEmpty();
        assertThat(outcome.exitCode()).isZero();
    }

    @Test
    @NeedsPeer("nbdinfo")
    void exportsImagesUntilInterruptedAndLeavesNoSocket() throws Exception {
        Path image = Files.write(folder.resolve("an image.raw"), new byte[1 << 20]);
        Path socket = folder.resolve("s");
        Path output = folder.resolve("export.txt");
        Process process = program.start(
                output, "export", "disk 0=" + image, "--read-only", "--listen", "nbd+unix:///?socket=" + socket);
        try {
            awaitText(output, "Serving");
            String info = Peer.run(Duration.ofSeconds(20), "nbdinfo", "nbd+unix:///disk%200?socket=" + socket)
                    .orFail();
            assertThat(info).contains("export-size: 1048576", "is_read_only: true");
            Peer.run(Duration.ofSeconds(5), "kill", "-INT", Long.toString(process.pid()))
                    .orFail();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(130);
            assertThat(socket).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void awaitText(Path file, String text) throws IOException, InterruptedException {
        long endNanos = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!Files.exists(file) || !Files.readString(file).contains(text)) {
            assertThat(System.nanoTime()).as("time until '%s' is printed", text).isLessThan(endNanos);
            Thread.sleep(50);
        }
    }
}
