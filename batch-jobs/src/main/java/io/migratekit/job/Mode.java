package io.migratekit.job;

import java.util.Locale;

/** How much of a machine is replicated. */
public enum Mode {
    /** Everything. */
    FULL,
    /** What changed since the last restore point. */
    INCREMENTAL,
    /** Incremental where there is a restore point to go on from, else full. */
    AUTO;

    /** Returns the word that people write. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads {@link #text}. */
    public static Mode of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
