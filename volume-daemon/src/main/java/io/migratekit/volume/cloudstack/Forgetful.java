package io.migratekit.volume.cloudstack;

import io.migratekit.volume.backend.StepMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Remembers for one call alone, for what may be begun again from the start at any time. */
final class Forgetful implements StepMemory {
    private final Map<String, String> values = new HashMap<>();

    @Override
    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    @Override
    public void put(String name, String value) {
        values.put(name, value);
    }
}
