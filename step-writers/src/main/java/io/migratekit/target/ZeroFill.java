package io.migratekit.target;

import io.migratekit.nbd.client.ExportInfo;
import io.migratekit.nbd.wire.ErrorCode;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** How zeros get onto a target: by WRITE_ZEROES, or as data where the server does not take that. */
final class ZeroFill {
    private boolean refused;
    private @Nullable ByteBuffer zeros;

    boolean offered(ExportInfo target) {
        return target.canWriteZeroes() && !refused;
    }

    /** Notes a refusal of WRITE_ZEROES; true if zeros shall be written as data from now on. */
    boolean refusedBy(ErrorCode error) {
        boolean unable = error == ErrorCode.ENOTSUP || error == ErrorCode.EOVERFLOW || error == ErrorCode.EINVAL;
        refused |= unable;
        return unable;
    }

    /** Returns zeros to write; shared, so its content must not be changed. */
    ByteBuffer buffer(int lengthBytes) {
        if (zeros == null || zeros.capacity() < lengthBytes) {
            zeros = ByteBuffer.allocateDirect(lengthBytes);
        }
        return zeros.slice(0, lengthBytes);
    }
}
