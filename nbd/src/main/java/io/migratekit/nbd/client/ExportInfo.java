package io.migratekit.nbd.client;

import io.migratekit.nbd.wire.Transmission;
import java.util.Set;

/**
 * What a server said of an export when it let us in.
 *
 * @param name name that was asked for
 * @param sizeBytes size, 0 or more
 * @param flags transmission flags, see {@link Transmission}
 * @param blockBytesMin requests are multiples of this; a power of two up to 64 KiB, 1 if the server named none
 * @param blockBytesPreferred best size and alignment of requests
 * @param payloadBytesMax longest READ and WRITE; 32 MiB if the server named none or more
 * @param metaContexts contexts agreed on
 */
public record ExportInfo(
        String name,
        long sizeBytes,
        int flags,
        int blockBytesMin,
        int blockBytesPreferred,
        int payloadBytesMax,
        Set<String> metaContexts) {
    public ExportInfo {
        metaContexts = Set.copyOf(metaContexts);
    }

    public boolean readOnly() {
        return has(Transmission.READ_ONLY);
    }

    public boolean canFlush() {
        return has(Transmission.SEND_FLUSH);
    }

    public boolean canFua() {
        return has(Transmission.SEND_FUA);
    }

    public boolean canTrim() {
        return has(Transmission.SEND_TRIM);
    }

    public boolean canWriteZeroes() {
        return has(Transmission.SEND_WRITE_ZEROES);
    }

    public boolean canFastZero() {
        return has(Transmission.SEND_FAST_ZERO);
    }

    public boolean canCache() {
        return has(Transmission.SEND_CACHE);
    }

    /** Tells whether a flush on one connection covers what was answered on the others. */
    public boolean canMultiConn() {
        return has(Transmission.CAN_MULTI_CONN);
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }
}
