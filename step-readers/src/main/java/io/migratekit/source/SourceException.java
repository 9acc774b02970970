package io.migratekit.source;

import java.io.IOException;

/** A source's refusal, by who can help. */
public abstract sealed class SourceException extends IOException {

    private SourceException(String message) {
        super(message);
    }

    private SourceException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Machine, disk or snapshot does not exist (any more). */
    public static final class NotFound extends SourceException {
        public NotFound(String message) {
            super(message);
        }
    }

    /** The source cannot say what changed since the given change id: the fallback policy decides what happens. */
    public static final class ChangesUnknown extends SourceException {
        public ChangesUnknown(String message) {
            super(message);
        }

        public ChangesUnknown(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The source's answer cannot be trusted: nothing may be copied from it. */
    public static final class Untrustworthy extends SourceException {
        public Untrustworthy(String message) {
            super(message);
        }
    }

    /** The source does not answer or ended the session for good; a later try may help. */
    public static final class Unavailable extends SourceException {
        public Unavailable(String message) {
            super(message);
        }

        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The source refuses, and will until somebody changes something: a password, a right, a certificate, a setting. */
    public static final class Refused extends SourceException {
        public Refused(String message) {
            super(message);
        }

        public Refused(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
