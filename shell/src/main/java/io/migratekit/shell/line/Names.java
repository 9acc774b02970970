package io.migratekit.shell.line;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant. */
final class Names {
    private Names() {}

    /**
     * Returns the candidate nearest to {@code typed}: at most a third of its letters (and at least one) differ by
     * insertion, deletion, replacement or a swap of neighbours, or one begins with the other.
     */
    static Optional<String> nearest(String typed, Collection<String> candidates) {
        int allowed = Math.max(1, (typed.length() + 1) / 3);
        return candidates.stream()
                .filter(name -> distance(fold(typed), fold(name)) <= allowed || begins(fold(typed), fold(name)))
                .min(Comparator.<String>comparingInt(name -> distance(fold(typed), fold(name)))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static String fold(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static boolean begins(String typed, String name) {
        return typed.length() >= 3 && (name.startsWith(typed) || typed.startsWith(name));
    }

    /** Optimal string alignment distance; names are short, so a full table is fine. */
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(int[][] cost, String a, String b, int i, int j) {
        int replace = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}
