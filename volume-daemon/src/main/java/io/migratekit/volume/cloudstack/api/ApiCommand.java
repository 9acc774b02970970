package io.migratekit.volume.cloudstack.api;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One command of the API with its parameters, none of which is a secret.
 *
 * @param name as in the API reference, such as {@code listVolumes}
 * @param parameters by their names in the API reference, in the order in which they are signed
 */
public record ApiCommand(String name, SortedMap<String, String> parameters) {
    public ApiCommand {
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }

    /** Returns a command without parameters. */
    public static ApiCommand of(String name) {
        return new ApiCommand(name, new TreeMap<>());
    }

    /** Returns the command with one more parameter, or another value of it. */
    public ApiCommand with(String parameter, String value) {
        SortedMap<String, String> more = new TreeMap<>(parameters);
        more.put(parameter, value);
        return new ApiCommand(name, more);
    }

    /** Returns the command with one more parameter. */
    public ApiCommand with(String parameter, long value) {
        return with(parameter, Long.toString(value));
    }
}
