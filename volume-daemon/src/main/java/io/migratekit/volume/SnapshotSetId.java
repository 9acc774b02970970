package io.migratekit.volume;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Which set of snapshots, one of each volume of a VM.
 *
 * @param text {@code set-} and a UUID
 */
public record SnapshotSetId(@JsonValue String text) {
    @JsonCreator
    public SnapshotSetId {
        if (!text.matches("set-[0-9a-f-]{36}")) {
            throw new IllegalArgumentException("'%s' is no snapshot set id; they begin with set-".formatted(text));
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
