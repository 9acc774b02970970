package io.migratekit.source.extent;

import io.migratekit.source.ChangeQuery;
import io.migratekit.source.SourceException;
import java.io.IOException;
import java.time.Duration;

/**
 * Makes the change map of one disk from a source's paged answers, and proves that they cover it: the pages must tile
 * {@code [0, capacity)} exactly. Only then is anything stored. Memory is bounded by the map (32 MiB of bits at worst)
 * and one page, however many areas there are.
 *
 * <p>A page may begin only where it was asked to, and must describe at least one byte; the last one may stick out
 * behind the capacity (sources round up to their own granularity) and is clipped. A page without areas says that
 * nothing lies there; it is no end. Areas are united whatever their order; one that sticks out of its page counts as
 * well, since leaving it out could lose a change.
 */
public final class ChangeMapPlanner {
    /** An empty page is asked for again this many times: it may be a hiccup, but never means the end of the disk. */
    static final int EMPTY_PAGE_RETRIES_MAX = 3;

    private final Duration retryPause;

    public ChangeMapPlanner() {
        this(Duration.ofMillis(500));
    }

    /** Makes a planner that waits {@code retryPause} before it repeats a question. */
    public ChangeMapPlanner(Duration retryPause) {
        this.retryPause = retryPause;
    }

    /**
     * Asks for all pages and stores the map. Repeating it after a failure begins anew.
     *
     * @param capacityBytes size of the disk; 0 gives an empty map
     * @param rest ZERO for a full copy, UNCHANGED for an incremental one (in which ZERO areas become DATA)
     * @throws SourceException.Untrustworthy if the answers do not tile the disk
     */
    public ChangeMap plan(
            long capacityBytes,
            ChangeMap.Rest rest,
            ChangeQuery query,
            ChangeMapSegments segments,
            PlanProgress progress)
            throws IOException {
        DraftMap draft = new DraftMap(capacityBytes);
        long positionBytes = 0;
        long pages = 0;
        while (positionBytes < capacityBytes) {
            ChangeQuery.Page page = page(query, positionBytes, capacityBytes);
            for (Extent area : page.areas()) {
                if (area.kind() == Extent.Kind.DATA || rest == ChangeMap.Rest.UNCHANGED) {
                    draft.markData(area);
                }
            }
            positionBytes = Math.min(capacityBytes, saturatedEnd(page));
            pages++;
            progress.described(positionBytes, draft.markedBytes(), pages);
        }
        segments.clear();
        draft.store(segments);
        return new ChangeMap(capacityBytes, rest, segments);
    }

    private ChangeQuery.Page page(ChangeQuery query, long startBytes, long capacityBytes) throws IOException {
        ChangeQuery.Page page = query.page(startBytes);
        for (int retry = 0; page.lengthBytes() == 0 && retry < EMPTY_PAGE_RETRIES_MAX; retry++) {
            pause();
            page = query.page(startBytes);
        }
        if (page.startBytes() != startBytes) {
            throw new SourceException.Untrustworthy(
                    "the source was asked for changes from offset %d and answered from %d: the pages do not tile the disk, and nothing is copied by them. Start it again; if that stays, copy it with --mode full"
                            .formatted(startBytes, page.startBytes()));
        }
        if (page.lengthBytes() <= 0) {
            throw new SourceException.Untrustworthy(
                    "the source described %d bytes from offset %d of a disk of %d bytes; the rest would be unknown, and nothing is copied. Start it again; if that stays, copy it with --mode full"
                            .formatted(page.lengthBytes(), startBytes, capacityBytes));
        }
        return page;
    }

    private void pause() throws IOException {
        try {
            Thread.sleep(retryPause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceException.Unavailable("interrupted while waiting to ask the source again", e);
        }
    }

    private static long saturatedEnd(ChangeQuery.Page page) {
        long endBytes = page.startBytes() + page.lengthBytes();
        return endBytes < 0 ? Long.MAX_VALUE : endBytes;
    }
}
