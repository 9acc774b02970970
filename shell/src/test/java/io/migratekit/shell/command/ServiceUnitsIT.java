package io.migratekit.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** systemd itself reads the units, where it is installed; its own reader is the only one that knows every key. */
final class ServiceUnitsIT {
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

    @TempDir
    Path folder;

    @Test
    void systemdFindsNothingToComplainAbout() throws Exception {
        if (!Files.isExecutable(ANALYZE)) {
            throw new TestAbortedException(ANALYZE + " is not installed; what the units say is checked without it");
        }
        String root = Path.of(System.getProperty("migratekit.root", ".."))
                .toAbsolutePath()
                .normalize()
                .toString();
        for (Path unit : ServiceUnitsTest.units()) {
            Path here = folder.resolve(unit.getFileName().toString());
            Files.writeString(here, Files.readString(unit).replace("/opt/migratekit", root));
            Peer.Result result = Peer.run(Duration.ofSeconds(30), ANALYZE.toString(), "verify", here.toString());
            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(result.output()
                            .lines()
                            .filter(line -> line.contains(here.getFileName().toString())))
                    .as("warnings")
                    .isEmpty();
        }
    }
}
