package io.migratekit.volume;

import org.jspecify.annotations.Nullable;

/** Why the daemon did not do what was asked, by who can help. The message is for people and holds no secret. */
public final class VolumeException extends RuntimeException {
    private final Kind kind;
    private final boolean goesOn;

    /** Who can help. */
    public enum Kind {
        /** No volume, set, export or operation has that name. */
        NO_SUCH_THING,
        /** It makes no sense, or is not allowed as things are; nothing was changed. Asking again does not help. */
        REFUSED,
        /** Somebody else is at it: another daemon, or an operation that has not ended. */
        BUSY,
        /** There is no room for it; nothing was changed. */
        NO_ROOM,
        /** The back end cannot be reached, or does not answer in time. Asking later helps. */
        UNAVAILABLE,
        /** It was tried and did not work; the message says what is left. */
        FAILED
    }

    public VolumeException(Kind kind, String message) {
        this(kind, message, null);
    }

    public VolumeException(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, message, cause, false);
    }

    private VolumeException(Kind kind, String message, @Nullable Throwable cause, boolean goesOn) {
        super(message, cause);
        this.kind = kind;
        this.goesOn = goesOn;
    }

    /** Returns a failure of kind UNAVAILABLE of one call, though the back end answers and is at work on what was asked. */
    public static VolumeException goingOn(String message, @Nullable Throwable cause) {
        return new VolumeException(Kind.UNAVAILABLE, message, cause, true);
    }

    /** Returns whether the back end was seen at work, so that waiting is worth it for as long as that may take. */
    public boolean goesOn() {
        return goesOn;
    }

    /**
     * Returns the same failure as that of something that had begun: the kinds that say that nothing was changed become
     * FAILED.
     */
    public VolumeException afterChange() {
        return kind == Kind.FAILED || kind == Kind.UNAVAILABLE
                ? this
                : new VolumeException(Kind.FAILED, getMessage(), this);
    }

    /** Returns who can help. */
    public Kind kind() {
        return kind;
    }

    /** Returns the message; there always is one. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
