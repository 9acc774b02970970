package io.migratekit.volume.ledger;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Carries a value out of a lambda. */
final class Box<T> {
    private @Nullable T value;

    void set(T value) {
        this.value = value;
    }

    T get() {
        return Objects.requireNonNull(value, "nothing was returned");
    }
}
