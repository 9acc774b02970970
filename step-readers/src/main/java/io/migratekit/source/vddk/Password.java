package io.migratekit.source.vddk;

/** A password that shows itself to nobody who prints it. */
public final class Password {
    private final String text;

    private Password(String text) {
        this.text = text;
    }

    /**
     * Returns a password.
     *
     * @throws IllegalArgumentException if it is empty or has a line break or NUL, which nbdkit cannot read from a file
     */
    public static Password of(String text) {
        if (text.isEmpty() || text.chars().anyMatch(letter -> letter == '\n' || letter == '\r' || letter == 0)) {
            throw new IllegalArgumentException(
                    "a password for vCenter is empty or has a line break; set another one for the user");
        }
        return new Password(text);
    }

    /** Returns it, to be handed to whoever it is meant for and to nobody else. */
    public String reveal() {
        return text;
    }

    @Override
    public String toString() {
        return "(password)";
    }
}
