package io.migratekit.config.vault;

import org.jspecify.annotations.Nullable;

/** A secret can be neither sealed nor opened; the message says what, which and what next, and holds no secret. */
public final class VaultException extends RuntimeException {
    private final Kind kind;

    /** What is wrong. */
    public enum Kind {
        /** The key that secrets are sealed under is not here: its file is missing, or holds others. */
        NO_KEY,
        /** The keys are there, but cannot be used: others may read them, or they are no keys. */
        BAD_KEYS,
        /** A secret was changed, or moved to where it does not belong. */
        DAMAGED,
        /** It makes no sense as things are; nothing was changed. */
        REFUSED
    }

    VaultException(Kind kind, String message) {
        this(kind, message, null);
    }

    VaultException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Returns what is wrong. */
    public Kind kind() {
        return kind;
    }
}
