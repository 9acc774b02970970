package io.migratekit.shell.account;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import io.migratekit.shell.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person adds a cloud and a vCenter at the real console: what is asked, what is shown, and what is left on the disk. */
@NeedsPeer("tmux")
final class AccountSessionIT {
    private static final String PASSWORD = "pass-word-of-root";
    private static final String TYPED = "typed-into-the-line";

    @TempDir
    Path folder;

    private ScriptedCloud cloud;
    private Path home;
    private String tmuxSocket;

    @BeforeEach
    void openConsole() throws IOException, InterruptedException {
        cloud = new ScriptedCloud();
        home = folder.resolve("home");
        tmuxSocket = folder.resolve("tmux").toString();
        tmux(
                "new-session",
                "-d",
                "-x",
                "160",
                "-y",
                "50",
                "env",
                "MIGRATEKIT_HOME=" + home,
                "MIGRATEKIT_VAULT_KEYFILE=" + folder.resolve("the.key"),
                "MIGRATEKIT_SKIP_BUILD=1",
                "TERM=screen-256color",
                new Program(folder).launcher().toString());
        awaitScreen("migratekit>");
    }

    @AfterEach
    void closeConsole() {
        Peer.run(Duration.ofSeconds(10), "tmux", "-S", tmuxSocket, "kill-server");
        cloud.close();
    }

    @Test
    void asksForSecretsWithoutShowingOrLeavingThem() throws Exception {
        keys("ossea add prod " + cloud.url() + " --insecure", "Enter");
        awaitScreen("API key (not shown):");
        keys(ScriptedCloud.API_KEY, "Enter");
        awaitScreen("Secret key (not shown):");
        keys(ScriptedCloud.SECRET_KEY, "Enter");
        awaitScreen("Which zone (number)?");
        keys("2", "Enter");
        awaitScreen("ossea test prod");
        keys("vcenter add vc1 vc.example --user root", "Enter");
        awaitScreen("Password of root at vc.example (not shown):");
        keys(PASSWORD, "Enter");
        awaitScreen("as root, the default.");
        showsNoSecret(tmux("capture-pane", "-p", "-S", "-"));
        showsNoSecret(Peer.run(Duration.ofSeconds(10), "ps", "-ewwo", "args").orFail());
        keys("C-l", "vcenter password vc1", "Enter"); // on a clear screen
        awaitScreen("Password of root at vc.example (not shown):");
        keys("C-c");
        awaitScreen("nothing was changed");
        keys("vcenter add vc2 vc.example --user root --password " + TYPED, "Enter"); // kept out of history and log
        awaitScreen("and there must not be");
        keys("ossea show pr", "Tab");
        awaitScreen("ossea show prod");
        keys("Enter");
        awaitScreen("sealed; never shown");
        keys("C-d");
        awaitEnd();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("the.key"))))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.walk(home)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).hasSizeGreaterThan(2); // database, log, history
            for (Path file : all) {
                showsNoSecret(Files.readString(file, ISO_8859_1));
            }
        }
    }

    private static void showsNoSecret(String text) {
        assertThat(text).doesNotContain(ScriptedCloud.API_KEY, ScriptedCloud.SECRET_KEY, PASSWORD, TYPED);
    }

    private void keys(String... keys) {
        List<String> command = new ArrayList<>(List.of("send-keys", "--"));
        command.addAll(List.of(keys));
        tmux(command.toArray(String[]::new));
    }

    private void awaitScreen(String text) throws InterruptedException {
        long endNanos = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        String screen = tmux("capture-pane", "-p");
        while (System.nanoTime() < endNanos && !screen.contains(text)) {
            Thread.sleep(50);
            screen = tmux("capture-pane", "-p");
        }
        assertThat(screen).contains(text);
    }

    private void awaitEnd() throws InterruptedException {
        long endNanos = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (Peer.run(Duration.ofSeconds(10), "tmux", "-S", tmuxSocket, "has-session")
                        .exitCode()
                == 0) {
            assertThat(System.nanoTime()).as("time until the console ends").isLessThan(endNanos);
            Thread.sleep(50);
        }
    }

    private String tmux(String... words) {
        List<String> command = new ArrayList<>(List.of("tmux", "-S", tmuxSocket));
        command.addAll(List.of(words));
        return Peer.run(Duration.ofSeconds(10), command.toArray(String[]::new)).orFail();
    }
}
