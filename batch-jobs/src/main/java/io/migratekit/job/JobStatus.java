package io.migratekit.job;

import java.util.Locale;

/** Where a job stands, as {@code replication_jobs.status} says it. */
public enum JobStatus {
    /** Accepted, not begun. */
    PENDING,
    /** At work in a process that holds the machine's lease. */
    REPLICATING,
    /** Comparing source and target. */
    VERIFYING,
    /** Stopped at a commit because somebody asked; restartable. */
    STOPPED,
    /** Ended by an error; restartable. */
    FAILED,
    /** Its process died; restartable. */
    INTERRUPTED,
    /** Every disk is whole and promoted; for a verification: source and target are the same. */
    COMPLETED,
    /** A verification came to its end and found differences. */
    DIFFERENT,
    /** Never finished, and another job took over what it had to do. */
    SUPERSEDED;

    /** Returns the word that is stored and shown. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads {@link #text}. */
    public static JobStatus of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** Returns whether a restart can go on with it. */
    public boolean restartable() {
        return this == STOPPED || this == FAILED || this == INTERRUPTED;
    }

    /** Returns whether it is, or claims to be, at work. */
    public boolean active() {
        return this == PENDING || this == REPLICATING || this == VERIFYING;
    }
}
