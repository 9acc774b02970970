package io.migratekit.source.lab;

import io.migratekit.source.ChangeQuery;
import io.migratekit.source.SourceException;
import io.migratekit.source.extent.Extent;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers in pages, with the lab's faults. An expired session is opened anew, and its page asked for again. */
final class LabQuery implements ChangeQuery {
    private static final Logger LOG = LoggerFactory.getLogger(LabQuery.class);

    private static final long BLOCK = ChangeLog.BLOCK_BYTES;
    private static final int LOGINS_MAX = 3;

    private final Lab lab;
    private final SnapshotFolder snapshot;
    private final long capacityBytes;
    private final RoaringBitmap blocks;

    LabQuery(Lab lab, SnapshotFolder snapshot, long capacityBytes, RoaringBitmap blocks) {
        this.lab = lab;
        this.snapshot = snapshot;
        this.capacityBytes = capacityBytes;
        this.blocks = blocks;
    }

    @Override
    public Page page(long startBytes) throws IOException {
        for (int login = 0; lab.strikes(LabFault.SESSION_EXPIRED); login++) {
            if (login == LOGINS_MAX) {
                throw new SourceException.Unavailable(
                        "the lab %s ended our session, also after %d logins".formatted(lab.folder(), LOGINS_MAX),
                        new IOException("not authenticated"));
            }
            LOG.info("the lab's session has expired; logged in again, asking for offset {} again", startBytes);
        }
        if (!Files.exists(snapshot.path())) {
            throw new SourceException.NotFound("snapshot '%s' is gone".formatted(snapshot.name()));
        }
        LabFaults faults = lab.faults();
        pauseIfSlow(faults);
        if (startBytes > 0 && lab.strikes(LabFault.CHANGES_FORGOTTEN)) {
            throw new SourceException.ChangesUnknown(
                    "what changed behind offset %d is not known".formatted(startBytes));
        }
        if (lab.strikes(LabFault.ZERO_LENGTH_PAGE)) {
            return new Page(startBytes, 0, List.of());
        }
        Page page = honestPage(startBytes, faults);
        if (lab.strikes(LabFault.GAP_BETWEEN_PAGES)) {
            return new Page(startBytes + BLOCK, page.lengthBytes(), page.areas());
        }
        return lab.strikes(LabFault.MESSY_AREAS) ? messy(page) : page;
    }

    private Page honestPage(long startBytes, LabFaults faults) throws IOException {
        long limitBytes = Math.min(capacityBytes, startBytes + faults.pageBytesMax());
        long positionBytes = nextChanged(startBytes, limitBytes);
        if (positionBytes > startBytes && lab.strikes(LabFault.EMPTY_PAGES)) {
            return new Page(startBytes, positionBytes - startBytes, List.of());
        }
        List<Extent> areas = new ArrayList<>();
        while (positionBytes < limitBytes && areas.size() < faults.pageAreasMax()) {
            long endBytes = Math.min(limitBytes, blocks.nextAbsentValue((int) (positionBytes / BLOCK)) * BLOCK);
            areas.add(new Extent(positionBytes, endBytes - positionBytes, Extent.Kind.DATA));
            positionBytes = nextChanged(endBytes, limitBytes);
        }
        return new Page(startBytes, positionBytes - startBytes, areas);
    }

    private long nextChanged(long fromBytes, long limitBytes) {
        if (fromBytes >= limitBytes) {
            return limitBytes;
        }
        long block = blocks.nextValue((int) (fromBytes / BLOCK));
        return block < 0 ? limitBytes : Math.min(limitBytes, Math.max(fromBytes, block * BLOCK));
    }

    /** Says the same in a worse way: backwards, each area in two halves that overlap, the first beyond the page. */
    private static Page messy(Page page) {
        List<Extent> areas = new ArrayList<>();
        for (Extent area : page.areas()) {
            long middleBytes = area.offsetBytes() + area.lengthBytes() / 2;
            long fromBytes = areas.isEmpty() ? Math.max(0, area.offsetBytes() - BLOCK) : area.offsetBytes();
            areas.add(0, new Extent(fromBytes, middleBytes + 1 - fromBytes, Extent.Kind.DATA));
            areas.add(0, new Extent(middleBytes, area.endBytes() + BLOCK - middleBytes, Extent.Kind.DATA));
        }
        return new Page(page.startBytes(), page.lengthBytes(), areas);
    }

    private static void pauseIfSlow(LabFaults faults) throws IOException {
        if (faults.strikes(LabFault.SLOW)) {
            try {
                Thread.sleep(faults.slowMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while the lab was slow", e);
            }
        }
    }

    @Override
    public void close() {
        // nothing is held
    }
}
