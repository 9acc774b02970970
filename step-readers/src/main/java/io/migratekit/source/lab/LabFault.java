package io.migratekit.source.lab;

/** What a lab can get wrong on demand, each something that a real source did. */
public enum LabFault {
    /** The query answers a stretch without changes by a page of its own without areas, in the middle of the disk. */
    EMPTY_PAGES,
    /** Areas overlap, come out of order and stick out of their page. */
    MESSY_AREAS,
    /** A page describes no byte at all. */
    ZERO_LENGTH_PAGE,
    /** A page begins behind where it was asked to, so that a hole is left between two pages. */
    GAP_BETWEEN_PAGES,
    /** A page behind the first says that the changes are not known. */
    CHANGES_FORGOTTEN,
    /** The tracker forgets a write. */
    LYING_TRACKER,
    /** The snapshot is gone when it is looked for. */
    LOST_SNAPSHOT,
    /** The removal of a snapshot fails, and the snapshot stays. */
    STUCK_SNAPSHOT,
    /** The session has expired when a page is asked for. */
    SESSION_EXPIRED,
    /** Every page takes its time, see {@link LabFaults#slowMillis}. */
    SLOW
}
