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

    /** Tells whether the server answers every change with EPERM. */
    public boolean readOnly() {
        return has(Transmission.READ_ONLY);
    }

    /** Tells whether FLUSH is offered; without it nothing that was written can be called durable. */
    public boolean canFlush() {
        return has(Transmission.SEND_FLUSH);
    }

    /** Tells whether a single request may ask to be durable before it is answered. */
    public boolean canFua() {
        return has(Transmission.SEND_FUA);
    }

    /** Tells whether TRIM is offered; what a trimmed range reads as is open. */
    public boolean canTrim() {
        return has(Transmission.SEND_TRIM);
    }

    /** Tells whether ranges can be zeroed without sending the zeros; some servers write them out all the same. */
    public boolean canWriteZeroes() {
        return has(Transmission.SEND_WRITE_ZEROES);
    }

    /** Tells whether WRITE_ZEROES may be told to fail with ENOTSUP rather than be as slow as writing. */
    public boolean canFastZero() {
        return has(Transmission.SEND_FAST_ZERO);
    }

    /** Tells whether the server can be told that a range will be read soon. */
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
