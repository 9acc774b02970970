package io.migratekit.volume.compute;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * Which machine, as the cloud names it.
 *
 * @param text 1 to 64 letters, digits and '-'; a UUID with CloudStack
 */
public record MachineId(@JsonValue String text) {
    private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9-]{1,64}");

    @JsonCreator
    public MachineId {
        if (!valid(text)) {
            throw new IllegalArgumentException("'%s' is no id of a machine".formatted(text));
        }
    }

    /** Returns whether a text can be an id. */
    public static boolean valid(String text) {
        return TEXT.matcher(text).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
