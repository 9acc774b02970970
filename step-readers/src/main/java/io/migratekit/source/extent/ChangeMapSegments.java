package io.migratekit.source.extent;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Where the change map of one disk of one run is kept: at most {@link ChangeMap#SEGMENTS_MAX} segments that tile the
 * disk in ascending order. A map is written once, by the planner, after its coverage is proven, and then only read,
 * by several threads at once.
 */
public interface ChangeMapSegments {

    /**
     * What is known of a stored segment without loading it.
     *
     * @param fromBytes where it begins
     * @param untilBytes where it ends
     * @param dataBytes bytes inside that are marked as DATA
     */
    record Summary(long fromBytes, long untilBytes, long dataBytes) {}

    /**
     * Stores the next segment. When it returns, a restart finds it.
     *
     * @throws IllegalArgumentException if the segment does not begin where the last one ends (the first one: at 0)
     */
    void append(ChangeMapSegment segment) throws IOException;

    /** Returns the segment that begins at {@code fromBytes}, equal to what was appended. */
    Optional<ChangeMapSegment> find(long fromBytes) throws IOException;

    /** Returns all stored segments in ascending order. */
    List<Summary> summaries() throws IOException;

    /** Forgets all segments: the remains of a plan that did not come to its end. No error if there are none. */
    void clear() throws IOException;
}
