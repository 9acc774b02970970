package io.migratekit.source.extent;

import java.io.IOException;

/** Hears how far the planning of one disk has come; called on the planning thread after each page. */
@FunctionalInterface
public interface PlanProgress {

    /** Hears nothing. */
    PlanProgress NONE = (describedBytes, dataBytes, pages) -> {};

    /**
     * Hears of another page.
     *
     * @param describedBytes how much of the disk the source has described so far, from offset 0
     * @param dataBytes how much of that is DATA, roughly: overlaps may be counted twice
     * @param pages pages so far
     * @throws IOException ends the planning; nothing of it is stored then (a stop was asked for)
     */
    void described(long describedBytes, long dataBytes, long pages) throws IOException;
}
