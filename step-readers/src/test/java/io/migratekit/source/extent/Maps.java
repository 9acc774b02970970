package io.migratekit.source.extent;

import io.migratekit.source.ChangeQuery;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes change maps for tests. */
final class Maps {
    private Maps() {}

    /** Plans a map from one page that describes the whole disk. */
    static ChangeMap map(long capacityBytes, ChangeMap.Rest rest, Extent... areas) throws IOException {
        return plan(capacityBytes, rest, start -> new ChangeQuery.Page(start, capacityBytes - start, List.of(areas)));
    }

    /** Plans a map from a source's answers, without pauses. */
    static ChangeMap plan(long capacityBytes, ChangeMap.Rest rest, Pages pages) throws IOException {
        return new ChangeMapPlanner(Duration.ZERO)
                .plan(capacityBytes, rest, pages, new MemoryChangeMapSegments(), PlanProgress.NONE);
    }

    static Extent data(long offsetBytes, long lengthBytes) {
        return new Extent(offsetBytes, lengthBytes, Extent.Kind.DATA);
    }

    static List<Extent> walk(ChangeMap map, long fromBytes, long untilBytes, long lengthBytesMax) throws IOException {
        List<Extent> extents = new ArrayList<>();
        try (ExtentCursor cursor = map.walk(fromBytes, untilBytes)) {
            for (Extent next = cursor.next(lengthBytesMax); next != null; next = cursor.next(lengthBytesMax)) {
                extents.add(next);
            }
        }
        return extents;
    }

    /** A change query that is only its answers. */
    @FunctionalInterface
    interface Pages extends ChangeQuery {
        @Override
        default void close() {}
    }
}
