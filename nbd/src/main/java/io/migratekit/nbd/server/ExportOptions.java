package io.migratekit.nbd.server;

import io.migratekit.nbd.wire.Handshake;
import java.nio.charset.StandardCharsets;

/**
 * How an export is offered.
 *
 * @param readOnly whatever would change the device is answered with EPERM
 * @param description for people, shown by listing clients; at most 4096 bytes, may be empty
 */
public record ExportOptions(boolean readOnly, String description) {
    public ExportOptions {
        if (description.getBytes(StandardCharsets.UTF_8).length > Handshake.STRING_BYTES_MAX) {
            throw new IllegalArgumentException("description of %d characters; NBD allows %d bytes"
                    .formatted(description.length(), Handshake.STRING_BYTES_MAX));
        }
    }

    /** Clients may change the device; no description. */
    public static ExportOptions readWrite() {
        return new ExportOptions(false, "");
    }

    /** Clients may only read; no description. */
    public static ExportOptions readOnlyExport() {
        return new ExportOptions(true, "");
    }
}
