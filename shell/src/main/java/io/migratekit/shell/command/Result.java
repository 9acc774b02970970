package io.migratekit.shell.command;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a command ended.
 *
 * @param code for the caller
 * @param object what {@code --json} prints; its keys are stable
 */
public record Result(ExitCode code, Map<String, @Nullable Object> object) {

    public Result {
        object = Collections.unmodifiableMap(new LinkedHashMap<>(object));
    }

    /** Returns success with alternating keys and values. */
    public static Result done(@Nullable Object... keysAndValues) {
        return new Result(ExitCode.DONE, object(keysAndValues));
    }

    /** Returns an object of alternating keys and values, in that order. */
    public static Map<String, @Nullable Object> object(@Nullable Object... keysAndValues) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            object.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return object;
    }
}
