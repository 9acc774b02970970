package io.migratekit.volume.cloudstack;

import io.migratekit.volume.cloudstack.api.ApiCommand;
import java.util.function.Supplier;

/**
 * Something that is to be so in the end, whatever became of earlier tries.
 *
 * @param step names its values in the memory; unique within one call of the back end
 * @param what for messages: a sentence that is true when it is reached
 * @param command what to ask for if it is not so yet
 * @param look tells whether it is so
 * @param creates whether asking twice would make two of them
 */
record Goal<T>(String step, String what, ApiCommand command, Supplier<Look<T>> look, boolean creates) {
    static <T> Goal<T> of(String step, String what, ApiCommand command, Supplier<Look<T>> look) {
        return new Goal<>(step, what, command, look, false);
    }

    static <T> Goal<T> creation(String step, String what, ApiCommand command, Supplier<Look<T>> look) {
        return new Goal<>(step, what, command, look, true);
    }
}
