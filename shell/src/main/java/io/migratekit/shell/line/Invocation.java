package io.migratekit.shell.line;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command with its values, checked against its syntax: what is there is allowed, what is required is there.
 *
 * @param syntax the command
 * @param arguments in the order typed
 * @param values of each option given, in the order typed; a flag has the one value {@code true}
 */
public record Invocation(Syntax syntax, List<String> arguments, Map<String, List<String>> values) {
    public Invocation {
        arguments = List.copyOf(arguments);
        values = Map.copyOf(values);
    }

    /** Tells whether the flag was given. */
    public boolean has(String flag) {
        return values.containsKey(flag);
    }

    /** Tells whether the last line must be one JSON object and nothing else may be printed. */
    public boolean json() {
        return has("json");
    }

    /** Returns the option's value. */
    public Optional<String> value(String option) {
        return Optional.ofNullable(values.get(option)).map(all -> all.get(0));
    }

    /** Returns all values of a repeatable option. */
    public List<String> values(String option) {
        return values.getOrDefault(option, List.of());
    }

    /** Returns the argument at {@code index}, which the syntax requires. */
    public String argument(int index) {
        return arguments.get(index);
    }

    /** Returns the argument at {@code index} if it was given. */
    public Optional<String> optionalArgument(int index) {
        return index < arguments.size() ? Optional.of(arguments.get(index)) : Optional.empty();
    }

    /**
     * Returns the option's value as a whole number.
     *
     * @throws UsageException if it is none or out of range
     */
    public Optional<Long> number(String option, long least, long most) {
        return value(option).map(text -> parse(option, text, least, most));
    }

    private static long parse(String option, String text, long least, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // said below, together with numbers out of range
        }
        throw new UsageException(
                "--%s is '%s'; a whole number from %d to %d is needed".formatted(option, text, least, most));
    }
}
