package io.migratekit.config.account;

import org.jspecify.annotations.Nullable;

/** A registry did not do what was asked; nothing was changed. The message says what, which and what next. */
public final class AccountException extends RuntimeException {
    private final Kind kind;

    /** Who can help. */
    public enum Kind {
        /** Nothing has that name. */
        NO_SUCH_THING,
        /** The name is taken. */
        EXISTS,
        /** Something depends on it. */
        IN_USE,
        /** A person must choose. */
        NEEDS_DECISION
    }

    AccountException(Kind kind, String message) {
        this(kind, message, null);
    }

    AccountException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
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
