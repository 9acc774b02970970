package io.migratekit.source.extent;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Walks the stored change map of one disk between two offsets in ascending order, holding one stored segment at a
 * time. Thread-confined.
 */
public interface ExtentCursor extends AutoCloseable {

    /**
     * Returns the next extent, cut at {@code lengthBytesMax}, or null at the end of the range.
     *
     * @param lengthBytesMax at least 1
     */
    @Nullable
    Extent next(long lengthBytesMax) throws IOException;

    @Override
    void close();
}
