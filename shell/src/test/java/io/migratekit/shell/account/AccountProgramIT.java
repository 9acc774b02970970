package io.migratekit.shell.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.program.Program;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Secrets from the environment of the program itself, as scripts hand them over. */
@Timeout(120)
final class AccountProgramIT {
    @TempDir
    Path folder;

    @Test
    void takesTheKeysOfACloudFromTheEnvironment() throws Exception {
        try (ScriptedCloud cloud = new ScriptedCloud()) {
            Program program =
                    new Program(folder).with("OSSEA_KEYS", ScriptedCloud.API_KEY + " " + ScriptedCloud.SECRET_KEY);
            var added = program.run(
                            "ossea",
                            "add",
                            "prod",
                            cloud.url(),
                            "--insecure",
                            "--zone",
                            "z-1",
                            "--key-env",
                            "OSSEA_KEYS")
                    .exits(0);
            assertThat(added.out() + added.err())
                    .contains("Cloud 'prod'", "ossea test prod")
                    .doesNotContain(ScriptedCloud.API_KEY, ScriptedCloud.SECRET_KEY);
            assertThat(program.run("ossea", "offers").exits(0).out()) // with the sealed keys, which the cloud takes
                    .contains("eu one");
        }
    }
}
