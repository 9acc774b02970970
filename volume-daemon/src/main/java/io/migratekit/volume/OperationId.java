package io.migratekit.volume;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Which operation, as 'volume operations' shows it.
 *
 * @param text {@code op-} and a UUID
 */
public record OperationId(@JsonValue String text) {
    @JsonCreator
    public OperationId {
        if (!text.startsWith("op-") || text.length() > 64) {
            throw new IllegalArgumentException("'%s' is no operation id; they begin with op-".formatted(text));
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
