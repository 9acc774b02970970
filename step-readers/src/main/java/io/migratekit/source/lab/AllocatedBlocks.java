package io.migratekit.source.lab;

import io.migratekit.source.ChangeQuery;
import io.migratekit.source.extent.Extent;
import io.migratekit.source.image.ImageAllocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.roaringbitmap.RoaringBitmap;

/** Blocks of an image that hold data, at the granularity of change tracking. */
final class AllocatedBlocks {
    private AllocatedBlocks() {}

    static RoaringBitmap of(Path image) throws IOException {
        RoaringBitmap blocks = new RoaringBitmap();
        long capacityBytes = Files.size(image);
        try (ImageAllocation allocation = ImageAllocation.open(image)) {
            long positionBytes = 0;
            while (positionBytes < capacityBytes) {
                ChangeQuery.Page page = allocation.page(positionBytes);
                for (Extent area : page.areas()) {
                    if (area.kind() == Extent.Kind.DATA) {
                        blocks.add(
                                area.offsetBytes() / ChangeLog.BLOCK_BYTES,
                                (area.endBytes() - 1) / ChangeLog.BLOCK_BYTES + 1);
                    }
                }
                positionBytes += page.lengthBytes();
            }
        }
        return blocks;
    }
}
