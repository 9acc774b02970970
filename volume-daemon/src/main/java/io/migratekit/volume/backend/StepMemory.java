package io.migratekit.volume.backend;

import java.util.Optional;

/**
 * What a call remembers across a crash, such as the id of a job that runs elsewhere. A value is durable when {@link
 * #put} returns; a repeated call of the same step finds it.
 */
public interface StepMemory {

    /** Returns what was put under the name. */
    Optional<String> get(String name);

    /** Stores a value, in place of an earlier one. Never a secret. */
    void put(String name, String value);
}
