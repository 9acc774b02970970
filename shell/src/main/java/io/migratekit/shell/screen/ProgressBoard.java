package io.migratekit.shell.screen;

import io.migratekit.shell.home.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a job is: bars that move in place on a terminal, a plain line every five seconds elsewhere, nothing
 * with {@code --json}. Thread-confined; closing it takes the bars away.
 */
public final class ProgressBoard implements AutoCloseable {
    /**
     * The whole job.
     *
     * @param title what is running
     * @param phase what it is doing
     * @param percent of the work, 0 to 100
     * @param movedBytes written so far
     * @param bytesPerSecond now, 0 if unknown
     * @param remaining how long the rest takes, if that can be told
     */
    public record Headline(
            String title,
            String phase,
            double percent,
            long movedBytes,
            long bytesPerSecond,
            Optional<Duration> remaining) {}

    /** One disk's share; {@code percent} of its work. */
    public record Bar(String name, double percent, long doneBytes, long totalBytes) {}

    /** Between two plain lines: a log should tell that it lives without drowning what else is in it. */
    private static final long PLAIN_NANOS = Duration.ofSeconds(5).toNanos();

    private static final int BAR_CELLS = 30;

    private final Screen screen;
    private final @Nullable Display display;
    private final Report report = Report.ofThisProcess();
    private long plainDueNanos = System.nanoTime() + PLAIN_NANOS;

    public ProgressBoard(Screen screen) {
        this.screen = screen;
        this.display = screen.canMoveCursor() ? new Display(screen.jline(), false) : null;
    }

    /** Shows the state now; cheap enough for ten calls a second. */
    public void show(Headline headline, List<Bar> bars) {
        report.percent((int) headline.percent());
        if (display != null) {
            draw(display, headline, bars);
        } else if (System.nanoTime() - plainDueNanos >= 0) {
            plainDueNanos = System.nanoTime() + PLAIN_NANOS;
            screen.say("%s  %s  %s".formatted(headline.title(), headline.phase(), figures(headline)));
        }
    }

    /** Prints a line that stays, above the bars. */
    public void say(Style style, String line) {
        close();
        screen.say(style, line);
    }

    @Override
    public void close() {
        if (display != null) {
            display.update(List.of(), 0);
            screen.jline().writer().flush();
            display.reset();
        }
    }

    private void draw(Display on, Headline headline, List<Bar> bars) {
        int rows = Math.max(3, screen.jline().getHeight());
        int columns = Math.max(40, screen.columns());
        on.resize(rows, columns);
        List<String> lines = new ArrayList<>();
        lines.add("%s  %s  %s"
                .formatted(
                        screen.paint(Style.STRONG, headline.title()),
                        screen.paint(Style.BUSY, headline.phase()),
                        figures(headline)));
        bars.stream().limit(rows - 2L).forEach(bar -> lines.add(line(bar)));
        on.update(
                lines.stream()
                        .map(line -> AttributedString.fromAnsi(line).columnSubSequence(0, columns - 1))
                        .toList(),
                -1);
        screen.jline().writer().flush();
    }

    private String line(Bar bar) {
        boolean whole = bar.percent() >= 100;
        int filled = (int) (BAR_CELLS * Math.min(100, bar.percent()) / 100);
        String cells = screen.paint(whole ? Style.GOOD : Style.BUSY, "━".repeat(filled))
                + screen.paint(Style.FAINT, "╌".repeat(BAR_CELLS - filled));
        return "  disk %-6s %s %3d %%  %s of %s"
                .formatted(
                        bar.name(),
                        cells,
                        (int) bar.percent(),
                        Units.bytes(bar.doneBytes()),
                        Units.bytes(bar.totalBytes()));
    }

    private static String figures(Headline headline) {
        StringBuilder text = new StringBuilder();
        text.append("%3d %%  %s".formatted((int) headline.percent(), Units.bytes(headline.movedBytes())));
        if (headline.bytesPerSecond() > 0) {
            text.append("  ").append(Units.perSecond((double) headline.bytesPerSecond()));
        }
        headline.remaining()
                .ifPresent(
                        rest -> text.append("  ").append(Units.duration(rest)).append(" left"));
        return text.toString();
    }
}
