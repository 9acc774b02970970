package io.migratekit.source.vcenter;

import io.migratekit.source.ChangeQuery;
import io.migratekit.source.extent.Extent;
import java.util.List;

/** Names all of a disk as content. */
final class WholeDisk implements ChangeQuery {
    private final long capacityBytes;

    WholeDisk(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    @Override
    public Page page(long startBytes) {
        long lengthBytes = capacityBytes - startBytes;
        return new Page(startBytes, lengthBytes, List.of(new Extent(startBytes, lengthBytes, Extent.Kind.DATA)));
    }

    @Override
    public void close() {
        // nothing is held
    }
}
