package io.migratekit.shell.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.doctor.Finding.Severity;
import io.migratekit.shell.screen.Screen;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ToolsTest {
    @TempDir
    Path folder;

    @Test
    void namesWhatIsNotOnThePathAndTheCommandThatInstallsIt() throws IOException {
        Path program = Files.writeString(folder.resolve("nbdkit"), "#!/bin/sh\necho nbdkit 1.2.3\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(folder.resolve("qemu-img"), "no program: it may not be executed");
        Findings found = new Findings(Tools.look("/nowhere:" + folder));

        assertThat(found.all().stream().filter(finding -> finding.severity() == Severity.OK))
                .containsExactly(Finding.ok("nbdkit", "nbdkit 1.2.3"));
        assertThat(found.all())
                .contains(Finding.optional("qemu-img", "missing (to look at images)", "apt-get install qemu-utils"))
                .contains(Finding.optional("tmux", "missing (tests of the console)", "apt-get install tmux"));
        assertThat(found.errors()).as("none is needed to replicate").isZero();
        StringWriter text = new StringWriter();
        found.show(Screen.on(new PrintWriter(text), new PrintWriter(text), false, false, () -> {
            throw new IllegalStateException("nobody draws here");
        }));
        assertThat(text.toString())
                .containsSubsequence("optional  nbd-server", "missing (tests)", "→ apt-get install nbd-server");
    }
}
