package io.migratekit.shell.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.home.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class VersionTest {

    @Test
    void versionTxtIsTheVersionOfTheBuildAndOfTheProgram() throws IOException {
        Path root = Path.of(System.getProperty("migratekit.root", ".."));
        String written = Files.readString(root.resolve("VERSION.txt")).strip();
        assertThat(System.getProperty("migratekit.version.built"))
                .as("version in the poms")
                .isEqualTo(written);
        assertThat(Version.current()).as("version in the program").isEqualTo(written);
    }
}
