package io.migratekit.shell.program;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.nbd.peer.NeedsPeer;
import io.migratekit.nbd.peer.Peer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console on a real terminal: what is on the screen after which keys. */
@NeedsPeer("tmux")
final class ConsoleSessionIT {
    @TempDir
    Path folder;

    private Path home;
    private String tmuxSocket;

    @BeforeEach
    void openConsole() {
        home = folder.resolve("home");
        tmuxSocket = folder.resolve("tmux").toString();
        String launcher = new Program(folder).launcher().toString();
        tmux(
                "new-session",
                "-d",
                "-x",
                "120",
                "-y",
                "40",
                "env",
                "MIGRATEKIT_HOME=" + home,
                "MIGRATEKIT_SKIP_BUILD=1",
                "TERM=screen-256color",
                launcher);
        awaitScreen("migratekit>");
    }

    @AfterEach
    void closeConsole() throws IOException {
        Peer.run(Duration.ofSeconds(10), "tmux", "-S", tmuxSocket, "kill-server");
    }

    @Test
    void completesCommandsAndOptionsByTab() {
        keys("vers", "Tab");
        awaitScreen("migratekit> version");
        keys("--js", "Tab");
        awaitScreen("version --json");
        keys("Enter");
        awaitScreen("{\"version\":");
    }

    @Test
    void completesNamesWithBlanksInTheQuotesThatTheyNeed() throws Exception {
        Path image = Files.write(folder.resolve("d.raw"), new byte[512]);
        keys("vm add Büro\\ \"1\" --disk " + image + "=" + folder + "/t.raw", "Enter");
        awaitScreen("To copy it: replicate start 'Büro 1'");
        keys("vm show B", "Tab");
        awaitScreen("migratekit> vm show 'Büro 1'");
        keys("C-u");
        keys("job show \"B", "Tab");
        awaitScreen("migratekit> job show \"Büro 1\"");
        keys("C-u");
        keys("vm add ", "Tab");
        awaitScreen("what you call the VM");
    }

    @Test
    void isAsStrictAsTheCommandLine() {
        keys("version --jsno", "Enter");
        awaitScreen("there is no option '--jsno'; did you mean '--json'?");
        keys("vm lst", "Enter");
        awaitScreen("did you mean 'vm list'?");
        keys("help 'replicate' \"start\"", "Enter");
        awaitScreen("usage: migratekit replicate start");
    }

    @Test
    void throwsALineAwayOnCtrlCAndLeavesOnCtrlD() throws InterruptedException {
        keys("something unfinished");
        awaitScreen("migratekit> something unfinished");
        keys("C-c");
        awaitEmptyPrompt();
        keys("version", "Enter");
        awaitScreen("MigrateKit OSSEA");
        keys("C-d");
        awaitEnd();
    }

    @Test
    void remembersLinesInItsHome() throws Exception {
        keys("version", "Enter");
        awaitScreen("MigrateKit OSSEA");
        keys("C-d");
        awaitEnd();
        assertThat(Files.readString(home.resolve("history"))).contains("version");
    }

    private void keys(String... keys) {
        List<String> command = new ArrayList<>(List.of("send-keys", "--"));
        command.addAll(List.of(keys));
        tmux(command.toArray(String[]::new));
    }

    private void awaitScreen(String text) {
        long endNanos = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        String screen = "";
        while (System.nanoTime() < endNanos) {
            screen = screen();
            if (screen.contains(text)) {
                return;
            }
            pause();
        }
        assertThat(screen).contains(text);
    }

    /** Peers' output comes byte by byte; tmux writes UTF-8. */
    private String screen() {
        return new String(tmux("capture-pane", "-p").getBytes(ISO_8859_1), UTF_8);
    }

    private void awaitEmptyPrompt() {
        long endNanos = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (System.nanoTime() < endNanos && !lastLine().equals("migratekit>")) {
            pause();
        }
        assertThat(lastLine()).isEqualTo("migratekit>");
    }

    private String lastLine() {
        String[] lines = screen().stripTrailing().split("\n", -1);
        return lines[lines.length - 1].strip();
    }

    private void awaitEnd() throws InterruptedException {
        long endNanos = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (Peer.run(Duration.ofSeconds(10), "tmux", "-S", tmuxSocket, "has-session")
                        .exitCode()
                == 0) {
            assertThat(System.nanoTime()).as("time until the console ends").isLessThan(endNanos);
            pause();
        }
    }

    private String tmux(String... words) {
        List<String> command = new ArrayList<>(List.of("tmux", "-S", tmuxSocket));
        command.addAll(List.of(words));
        return Peer.run(Duration.ofSeconds(10), command.toArray(String[]::new)).orFail();
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
