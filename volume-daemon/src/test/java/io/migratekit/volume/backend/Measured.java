package io.migratekit.volume.backend;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;

/** Rows of {@code ./bench}, which are no tests: a figure means something beside its bound, and to who knows the machine. */
public final class Measured {
    private final PrintStream out;

    public Measured(PrintStream out) {
        this.out = out;
    }

    /** One round of what is measured. */
    @FunctionalInterface
    public interface Round {
        void run(int number) throws IOException;
    }

    /** Prints the median of some rounds. */
    public void median(String what, String bound, int rounds, Round round) throws IOException {
        double[] seconds = new double[rounds];
        for (int number = 0; number < rounds; number++) {
            long beganNanos = System.nanoTime();
            round.run(number);
            seconds[number] = (System.nanoTime() - beganNanos) / 1e9;
        }
        Arrays.sort(seconds);
        row(what, "%.4f s".formatted(seconds[rounds / 2]), bound);
    }

    /** Prints one figure. */
    public void row(String what, String figure, String bound) {
        out.printf("| %s | – | – | %s | – | %s |%n", what, figure, bound);
    }

    /** Returns what of our heap is in use, once what nobody needs is gone. */
    public static long heapKib() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 10;
    }
}
