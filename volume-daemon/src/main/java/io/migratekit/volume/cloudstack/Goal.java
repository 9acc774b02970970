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
 * @param traced whether it is remembered that it was asked for until a reply came, because it may be taken back, and what
 *     was asked for must not happen after that
 */
record Goal<T>(String step, String what, ApiCommand command, Supplier<Look<T>> look, boolean creates, boolean traced) {
    static <T> Goal<T> of(String step, String what, ApiCommand command, Supplier<Look<T>> look) {
        return new Goal<>(step, what, command, look, false, false);
    }

    static <T> Goal<T> creation(String step, String what, ApiCommand command, Supplier<Look<T>> look) {
        return new Goal<>(step, what, command, look, true, true);
    }

    /** Returns the same goal, which may be taken back. */
    Goal<T> withTrace() {
        return new Goal<>(step, what, command, look, creates, true);
    }
}
