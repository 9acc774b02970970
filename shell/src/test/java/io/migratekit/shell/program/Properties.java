package io.migratekit.shell.program;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** System properties that are as they were when this is closed. */
final class Properties implements AutoCloseable {
    private final Map<String, Optional<String>> before = new HashMap<>();

    void set(String name, String value) {
        before.putIfAbsent(name, Optional.ofNullable(System.getProperty(name)));
        System.setProperty(name, value);
    }

    @Override
    public void close() {
        before.forEach((name, value) ->
                value.ifPresentOrElse(text -> System.setProperty(name, text), () -> System.clearProperty(name)));
    }
}
