package io.migratekit.source.nbdexport;

import io.migratekit.source.ChangeQuery;
import io.migratekit.source.extent.Extent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What a bitmap says, in short. Another number or sum tells that the disk was written meanwhile.
 *
 * @param bytes how much is dirty
 * @param sum over where it is dirty
 */
record DirtyAreas(long bytes, long sum) {

    static DirtyAreas read(ChangeQuery query, long sizeBytes) throws IOException {
        CRC32C sum = new CRC32C();
        long dirtyBytes = 0;
        long positionBytes = 0;
        while (positionBytes < sizeBytes) {
            ChangeQuery.Page page = query.page(positionBytes);
            for (Extent area : page.areas()) {
                sum.update(ByteBuffer.allocate(16)
                        .putLong(area.offsetBytes())
                        .putLong(area.lengthBytes())
                        .flip());
                dirtyBytes += area.lengthBytes();
            }
            positionBytes += page.lengthBytes();
        }
        return new DirtyAreas(dirtyBytes, sum.getValue());
    }
}
