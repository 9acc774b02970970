package io.migratekit.config.vault;

import java.nio.charset.StandardCharsets;

/** A password or key in the clear. It is in no message, since {@link #toString} does not tell it. */
public final class Secret {
    /** Sealed and written as text it still fits its column. */
    static final int BYTES_MAX = 1024;

    private final String text;

    /**
     * Takes a secret as it was entered.
     *
     * @throws IllegalArgumentException if it is empty, longer than 1024 bytes of UTF-8, or holds a line break or another
     *     control character, as a badly pasted one does; the message does not repeat it
     */
    public Secret(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a secret of %d bytes; 1 to %d are possible. Enter it again".formatted(bytes, BYTES_MAX));
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a secret with a line break or another control character in it; enter it again, in one line");
        }
        this.text = text;
    }

    /** Returns it in the clear, for the one call that needs it. */
    public String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
