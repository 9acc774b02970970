package io.migratekit.shell.doctor;

import io.migratekit.shell.doctor.Finding.Severity;
import io.migratekit.shell.screen.Screen;
import io.migratekit.shell.screen.Style;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a look at several things found, for people and for programs.
 *
 * @param all in the order of what depends on what
 */
public record Findings(List<Finding> all) {
    public Findings {
        all = List.copyOf(all);
    }

    /** Returns how many do not work. */
    public long errors() {
        return count(Severity.ERROR);
    }

    /** Returns how many may become a problem. */
    public long warnings() {
        return count(Severity.WARNING);
    }

    private long count(Severity severity) {
        return all.stream().filter(finding -> finding.severity() == severity).count();
    }

    /** Shows each with its remedy. */
    public void show(Screen screen) {
        all.forEach(finding -> show(finding, screen));
    }

    private static void show(Finding finding, Screen screen) {
        String mark = switch (finding.severity()) {
            case OK -> screen.paint(Style.GOOD, "ok      ");
            case OPTIONAL -> screen.paint(Style.FAINT, "optional");
            case WARNING -> screen.paint(Style.WARN, "warning ");
            case ERROR -> screen.paint(Style.BAD, "ERROR   ");
        };
        screen.say("%s  %-20s %s".formatted(mark, finding.what(), finding.found()));
        if (!finding.remedy().isEmpty()) {
            screen.say(" ".repeat(31) + screen.paint(Style.BUSY, "→ " + finding.remedy()));
        }
    }

    /** Returns them for {@code --json}; the keys are stable. */
    public List<Map<String, @Nullable Object>> objects() {
        return all.stream().map(Findings::object).toList();
    }

    private static Map<String, @Nullable Object> object(Finding finding) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("what", finding.what());
        object.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
        object.put("found", finding.found());
        object.put("remedy", finding.remedy());
        return object;
    }
}
