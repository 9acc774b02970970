package io.migratekit.target;

import java.io.IOException;

/** Why a copy ended before its range did. What was durable stays durable. */
public abstract sealed class CopyException extends IOException {

    private CopyException(String message, Throwable cause) {
        super(message, cause);
    }

    private CopyException(String message) {
        super(message);
    }

    /** Somebody has to change something (size, permission, space) before it can go on. */
    public static sealed class Refused extends CopyException {
        public Refused(String message) {
            super(message);
        }
    }

    /** A flush failed. The system behind the target may tell so to one connection only, so no other may trust its own. */
    public static final class Unflushed extends Refused {
        public Unflushed(String message) {
            super(message);
        }
    }

    /** The storage behind an export is full; what was committed stays. */
    public static final class NoRoom extends Refused {
        public NoRoom(String message) {
            super(message);
        }
    }

    /** A peer stayed away or kept failing; the same command goes on from the last commit. */
    public static final class Lost extends CopyException {
        public Lost(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** A peer broke the protocol again and again: its software has to be looked at, waiting for it does not help. */
    public static final class Misbehaved extends CopyException {
        public Misbehaved(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Somebody else may have the target by now; nothing more was sent to it. */
    public static final class Fenced extends CopyException {
        public Fenced(String message) {
            super(message);
        }
    }

    /** A stop was asked for while a peer was away. */
    public static final class Stopped extends CopyException {
        public Stopped(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
