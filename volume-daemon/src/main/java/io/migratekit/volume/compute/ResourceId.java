package io.migratekit.volume.compute;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Which zone, network, offering or template, as the cloud names it.
 *
 * @param text 1 to 64 letters, digits and '-'; a UUID with CloudStack
 */
public record ResourceId(@JsonValue String text) {
    @JsonCreator
    public ResourceId {
        if (!text.matches("[A-Za-z0-9-]{1,64}")) {
            throw new IllegalArgumentException(
                    "'%s' is no id of a zone, network, offering or template; 'ossea offers' shows them"
                            .formatted(text));
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
