package io.migratekit.source;

import io.migratekit.source.extent.Extent;
import java.io.IOException;
import java.util.List;

/**
 * A paged query for changed areas (vSphere, QueryChangedDiskAreas; NBD, BLOCK_STATUS). The caller asks for page after
 * page, each from where the last one ended, and proves that the pages tile the disk.
 */
public interface ChangeQuery extends AutoCloseable {

    /**
     * Returns the page that begins at {@code startBytes}.
     *
     * @param startBytes 0, or the end of the page before; below the capacity
     */
    Page page(long startBytes) throws IOException;

    @Override
    void close();

    /**
     * What the source says of {@code [startBytes, startBytes + lengthBytes)}. Taken as it came: areas may touch, overlap,
     * be out of order or stick out; the planner unites and clips them. An empty list is no end.
     *
     * @param startBytes where the described range begins
     * @param lengthBytes its length as the source gave it; 0 or less is an error that the planner reports
     * @param areas what has to be copied (DATA) or zeroed (ZERO, full copies only)
     */
    record Page(long startBytes, long lengthBytes, List<Extent> areas) {
        public Page {
            areas = List.copyOf(areas);
        }
    }
}
