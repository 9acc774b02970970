package io.migratekit.nbd.wire;

/** Error values of replies (protocol document, "Error values"); what is unknown reads as {@link #EINVAL}. */
public enum ErrorCode {
    EPERM(1, "operation not permitted"),
    EIO(5, "input/output error"),
    ENOMEM(12, "cannot allocate memory"),
    EINVAL(22, "invalid argument"),
    ENOSPC(28, "no space left on device"),
    EOVERFLOW(75, "value too large"),
    ENOTSUP(95, "operation not supported"),
    ESHUTDOWN(108, "server is shutting down");

    /** Value on the wire, 4 bytes. */
    public final int code;

    /** The usual words for it, for messages. */
    public final String words;

    ErrorCode(int code, String words) {
        this.code = code;
        this.words = words;
    }

    /** Returns the error of a reply's non-zero error field. */
    public static ErrorCode of(int code) {
        for (ErrorCode error : values()) {
            if (error.code == code) {
                return error;
            }
        }
        return EINVAL;
    }
}
