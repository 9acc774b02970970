package io.migratekit.shell.screen;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** How wide each column of a table is so that its lines fit, and which are left out for that. */
final class Widths {
    private static final int BETWEEN = 2;
    /** What is left of a shortened name must still tell it from others. */
    private static final int SHORTEST = 8;

    private final int[] widths;
    private final Set<Integer> hidden = new TreeSet<>();

    Widths(
            List<String> headings,
            List<List<String>> rows,
            Set<Integer> soft,
            List<Integer> expendable,
            int columnsMax) {
        widths = IntStream.range(0, headings.size())
                .map(column -> widest(headings, rows, column))
                .toArray();
        for (int column : expendable) {
            if (narrowest(soft) > columnsMax) {
                hidden.add(column);
            }
        }
        while (total() > columnsMax && shrinkWidest(soft)) {
            // one column less each time
        }
    }

    IntStream shown() {
        return IntStream.range(0, widths.length).filter(column -> !hidden.contains(column));
    }

    int of(int column) {
        return widths[column];
    }

    private static int widest(List<String> headings, List<List<String>> rows, int column) {
        return rows.stream()
                .mapToInt(row -> Shortened.columns(row.get(column)))
                .reduce(Shortened.columns(headings.get(column)), Math::max);
    }

    private int total() {
        return shown().map(column -> widths[column] + BETWEEN).sum() - BETWEEN;
    }

    private int narrowest(Set<Integer> soft) {
        int saved = shown().filter(soft::contains)
                .map(column -> Math.max(0, widths[column] - SHORTEST))
                .sum();
        return total() - saved;
    }

    private boolean shrinkWidest(Set<Integer> soft) {
        int widest = shown().filter(soft::contains)
                .reduce((one, other) -> widths[other] > widths[one] ? other : one)
                .orElse(-1);
        if (widest < 0 || widths[widest] <= SHORTEST) {
            return false;
        }
        widths[widest]--;
        return true;
    }
}
