package io.migratekit.volume.operation;

import io.migratekit.volume.backend.StepMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Memories of steps that belong to no operation. */
final class Memories {
    private Memories() {}

    static StepMemory none() {
        Map<String, String> values = new HashMap<>();
        return new StepMemory() {
            @Override
            public Optional<String> get(String name) {
                return Optional.ofNullable(values.get(name));
            }

            @Override
            public void put(String name, String value) {
                values.put(name, value);
            }
        };
    }
}
