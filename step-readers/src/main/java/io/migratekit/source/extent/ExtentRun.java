package io.migratekit.source.extent;

import java.util.List;

/**
 * Extents of one disk, ascending and without overlap, that are committed together: the item of a copy step. What
 * lies between them inside {@code [fromBytes, untilBytes)} needs no copying.
 *
 * @param fromBytes where the run begins: the cursor before it
 * @param untilBytes where the run ends: the cursor once all of it is flushed on the target; greater than fromBytes
 * @param extents the extents inside, possibly none
 */
public record ExtentRun(long fromBytes, long untilBytes, List<Extent> extents) {
    public ExtentRun {
        extents = List.copyOf(extents);
        long position = fromBytes;
        for (Extent extent : extents) {
            if (extent.offsetBytes() < position || extent.endBytes() > untilBytes) {
                throw new IllegalArgumentException(
                        "%s is out of order or outside the run [%d, %d)".formatted(extent, fromBytes, untilBytes));
            }
            position = extent.endBytes();
        }
        if (untilBytes <= fromBytes) {
            throw new IllegalArgumentException("run [%d, %d) is empty".formatted(fromBytes, untilBytes));
        }
    }

    /** Returns the bytes of the extents of {@code kind}. */
    public long bytes(Extent.Kind kind) {
        long bytes = 0;
        for (Extent extent : extents) {
            bytes += extent.kind() == kind ? extent.lengthBytes() : 0;
        }
        return bytes;
    }
}
