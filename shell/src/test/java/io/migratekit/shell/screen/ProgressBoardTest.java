package io.migratekit.shell.screen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.migratekit.shell.screen.ProgressBoard.Bar;
import io.migratekit.shell.screen.ProgressBoard.Headline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.builtins.ScreenTerminal;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person sees of a job on a terminal of a known size, after the terminal has done what it was told. */
final class ProgressBoardTest {
    private static final int COLUMNS = 90;
    private static final int ROWS = 6;
    private static final long MIB = 1 << 20;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final ScreenTerminal seen = new ScreenTerminal(COLUMNS, ROWS);
    private Terminal terminal;
    private Screen screen;
    private int shown;

    @BeforeEach
    void openTerminal() throws IOException {
        terminal = new DumbTerminal("test", "xterm", new ByteArrayInputStream(new byte[0]), sent, UTF_8);
        terminal.setSize(new Size(COLUMNS, ROWS));
        PrintWriter out = new PrintWriter(sent, true, UTF_8);
        screen = Screen.on(out, out, true, false, () -> terminal);
    }

    @AfterEach
    void closeTerminal() throws IOException {
        terminal.close();
    }

    @Test
    void showsPhaseBytesRateRestAndEveryDiskInPlaceAndLeavesNothing() {
        ProgressBoard board = new ProgressBoard(screen);
        board.show(headline("plan", 0, 0, 0, Optional.empty()), List.of(new Bar("2000", 0, 0, 200 * MIB)));
        assertThat(lines()).startsWith("web01  plan    0 %  0 B");

        board.show(
                headline("copy", 40.9, 96 * MIB, 12 * MIB, Optional.of(Duration.ofSeconds(125))),
                List.of(new Bar("2000", 50, 100 * MIB, 200 * MIB), new Bar("2001", 100, 8 * MIB, 8 * MIB)));
        List<String> lines = lines();
        assertThat(lines.get(0)).isEqualTo("web01  copy   40 %  96.0 MiB  12.0 MiB/s  2 min 05 s left");
        assertThat(lines.get(1))
                .isEqualTo("  disk 2000   " + "━".repeat(15) + "╌".repeat(15) + "  50 %  100 MiB of 200 MiB");
        assertThat(lines.get(2)).isEqualTo("  disk 2001   " + "━".repeat(30) + " 100 %  8.00 MiB of 8.00 MiB");

        board.say(Style.PLAIN, "reconnect: the source is back");
        board.show(headline("flush", 100, 208 * MIB, 0, Optional.empty()), List.of());
        assertThat(lines()).containsExactly("reconnect: the source is back", "web01  flush  100 %  208 MiB");
        board.close();
        assertThat(lines()).containsExactly("reconnect: the source is back");
    }

    @Test
    void showsAsManyDisksAsFitAndCutsLinesAtTheEdge() {
        List<Bar> bars = new ArrayList<>();
        for (int disk = 0; disk < 2 * ROWS; disk++) {
            bars.add(new Bar(Integer.toString(disk), 1, MIB, 100 * MIB));
        }
        try (ProgressBoard board = new ProgressBoard(screen)) {
            board.show(new Headline("x".repeat(2 * COLUMNS), "copy", 1, 0, 0, Optional.empty()), bars);
            List<String> lines = lines();
            assertThat(lines).hasSize(ROWS - 1);
            assertThat(lines.get(0)).isEqualTo("x".repeat(COLUMNS - 1));
            assertThat(lines.get(ROWS - 2)).startsWith("  disk " + (ROWS - 3));
        }
    }

    private static Headline headline(
            String phase, double percent, long movedBytes, long bytesPerSecond, Optional<Duration> remaining) {
        return new Headline("web01", phase, percent, movedBytes, bytesPerSecond, remaining);
    }

    /** Returns the lines on the screen, without blanks at their ends. */
    private List<String> lines() {
        terminal.flush();
        String all = sent.toString(UTF_8);
        seen.write(all.substring(shown).replace("\n", "\r\n")); // as the line discipline of a terminal does
        shown = all.length();
        return seen.toString()
                .lines()
                .map(String::stripTrailing)
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
