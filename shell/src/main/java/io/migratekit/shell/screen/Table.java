package io.migratekit.shell.screen;

import static java.lang.System.lineSeparator;
import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.shell.jline.tui.table.ArrayTableModel;
import org.springframework.shell.jline.tui.table.CellMatchers;
import org.springframework.shell.jline.tui.table.NoWrapSizeConstraints;
import org.springframework.shell.jline.tui.table.SimpleHorizontalAligner;
import org.springframework.shell.jline.tui.table.TableBuilder;

/** Rows of text under headings. Never wraps: a job id or URI that is cut in two cannot be copied. */
public final class Table {
    /** Wider than any row, so that Spring Shell never shortens a cell. */
    private static final int WIDTH_MAX = 10_000;

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();
    private final Set<Integer> right = new TreeSet<>();

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    /** Aligns the column with that heading to the right, as numbers want it. */
    public Table numbers(String... columns) {
        for (String column : columns) {
            right.add(headings.indexOf(column));
        }
        return this;
    }

    /** Adds a row with one cell for each heading. */
    public Table row(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException("%d cells for %d headings".formatted(cells.length, headings.size()));
        }
        rows.add(List.of(cells));
        return this;
    }

    String render() {
        List<String[]> cells = new ArrayList<>();
        cells.add(spaced(headings.stream()
                .map(heading -> heading.toUpperCase(Locale.ROOT))
                .toList()));
        rows.forEach(row -> cells.add(spaced(row)));
        TableBuilder builder = new TableBuilder(new ArrayTableModel(cells.toArray(Object[][]::new)));
        builder.on(CellMatchers.table()).addSizer(new NoWrapSizeConstraints());
        right.forEach(column -> builder.on(CellMatchers.column(2 * column)).addAligner(SimpleHorizontalAligner.right));
        String text = builder.build().render(WIDTH_MAX);
        return text.lines()
                .map(String::stripTrailing)
                .filter(line -> !line.isEmpty())
                .collect(joining(lineSeparator()));
    }

    /** Spring Shell sets columns side by side where no border stands between them: a blank column keeps them apart. */
    private static String[] spaced(List<String> row) {
        return row.stream().flatMap(cell -> Stream.of(cell, "  ")).toArray(String[]::new);
    }
}
