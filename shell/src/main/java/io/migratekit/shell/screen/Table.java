package io.migratekit.shell.screen;

import static java.lang.System.lineSeparator;
import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Rows of text under headings. Never wraps: a job id or URI that is cut in two cannot be copied. Spring Shell's tables
 * take a character for a column, which those of East Asia are not.
 */
public final class Table {
    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();
    private final Set<Integer> right = new TreeSet<>();
    private final Set<Integer> soft = new TreeSet<>();
    private final List<Integer> expendable = new ArrayList<>();

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

    /** Shortens cells of these columns in their middle where the screen is too narrow; others stay whole. */
    public Table shortening(String... columns) {
        for (String column : columns) {
            soft.add(headings.indexOf(column));
        }
        return this;
    }

    /** Leaves these columns out, the first one first, where shortening is not enough. */
    public Table expendable(String... columns) {
        for (String column : columns) {
            expendable.add(headings.indexOf(column));
        }
        return this;
    }

    /** Returns the lines, the heading first; no line is wider unless even its narrowest form is. */
    String render(int columns) {
        Widths widths = new Widths(headings, rows, soft, expendable, columns);
        List<String> upper = headings.stream()
                .map(heading -> heading.toUpperCase(Locale.ROOT))
                .toList();
        return Stream.concat(Stream.of(upper), rows.stream())
                .map(row -> line(row, widths))
                .collect(joining(lineSeparator()));
    }

    private String line(List<String> row, Widths widths) {
        return widths.shown()
                .mapToObj(column -> {
                    int width = widths.of(column);
                    String cell = Shortened.middle(row.get(column), width);
                    String blanks = " ".repeat(width - Shortened.columns(cell));
                    return right.contains(column) ? blanks + cell : cell + blanks;
                })
                .collect(joining("  "))
                .stripTrailing();
    }
}
