package io.migratekit.nbd.server;

import io.migratekit.nbd.wire.ErrorCode;
import java.io.IOException;

/** The device failed, not the connection: the client gets an error, and its next request is served. */
final class DeviceError extends Exception {
    private final IOException reason;

    DeviceError(IOException reason) {
        super(reason);
        this.reason = reason;
    }

    ErrorCode code() {
        return code(reason);
    }

    String words() {
        return words(reason);
    }

    static ErrorCode code(IOException e) {
        return e instanceof ExportDevice.NoSpaceException ? ErrorCode.ENOSPC : ErrorCode.EIO;
    }

    static String words(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
