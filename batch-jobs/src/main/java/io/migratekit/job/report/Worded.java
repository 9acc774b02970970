package io.migratekit.job.report;

import java.util.Arrays;
import java.util.stream.Collectors;

/** A value of a closed set that goes over the wire and into the database as a word. */
public sealed interface Worded permits Stage, WorkerStatus, DiskStatus {

    /** Returns the word. */
    String text();

    /**
     * Reads a word.
     *
     * @param what the words are for, for the message
     * @throws IllegalArgumentException if it is none of the set's, naming those
     */
    static <T extends Enum<T> & Worded> T of(Class<T> set, String what, String text) {
        return Arrays.stream(set.getEnumConstants())
                .filter(value -> value.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("%s is '%s'; it must be one of %s"
                        .formatted(
                                what,
                                text,
                                Arrays.stream(set.getEnumConstants())
                                        .map(Worded::text)
                                        .collect(Collectors.joining(", ")))));
    }
}
