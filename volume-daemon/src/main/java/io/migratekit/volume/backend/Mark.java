package io.migratekit.volume.backend;

/**
 * A name that one creation leaves on what it creates, so that a repetition after a crash or a lost reply finds it and
 * creates nothing twice.
 *
 * @param text 1 to 40 characters of a-z, 0-9 and '-'; unique for ever
 */
public record Mark(String text) {
    public Mark {
        if (!text.matches("[a-z0-9-]{1,40}")) {
            throw new IllegalArgumentException("'%s' is no mark".formatted(text));
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
