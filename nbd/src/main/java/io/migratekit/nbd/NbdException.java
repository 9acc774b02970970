package io.migratekit.nbd;

import io.migratekit.nbd.wire.ErrorCode;
import java.io.IOException;

/**
 * What can go wrong with a peer, by who can help. The message says what, which and what next; the cause is kept.
 */
public abstract sealed class NbdException extends IOException {

    private NbdException(String message) {
        super(message);
    }

    private NbdException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    /** The server answered, and its answer is no: repeating does not help until somebody changes something. */
    public static final class Refused extends NbdException {
        public Refused(String message) {
            super(message);
        }

        public Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The connection is gone or could not be made: a new connection may help. */
    public static final class Disconnected extends NbdException {
        public Disconnected(String message) {
            super(message);
        }

        public Disconnected(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The server broke the protocol: the connection is ended, and what was in flight is unknown. */
    public static final class Violation extends NbdException {
        public Violation(String message) {
            super(message);
        }
    }

    /** One request failed; the connection goes on. */
    public static final class RequestFailed extends NbdException {
        private final ErrorCode error;

        public RequestFailed(ErrorCode error, String message) {
            super(message);
            this.error = error;
        }

        /** The error that the server gave. */
        public ErrorCode error() {
            return error;
        }
    }
}
