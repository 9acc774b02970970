package io.migratekit.shell.line;

import java.util.List;

/**
 * An option of a command.
 *
 * @param name without its dashes
 * @param valueName what its value is, for help ({@code URI}); empty for a flag
 * @param description one line
 * @param repeatable whether it may be given several times
 * @param required whether the command makes no sense without it
 * @param choices the only values allowed; empty if it takes any
 * @param completes what the console offers when TAB is pressed after it
 */
public record OptionSpec(
        String name,
        String valueName,
        String description,
        boolean repeatable,
        boolean required,
        List<String> choices,
        Completes completes) {

    public OptionSpec {
        choices = List.copyOf(choices);
    }

    /** An option without a value. */
    public static OptionSpec flag(String name, String description) {
        return new OptionSpec(name, "", description, false, false, List.of(), Completes.NOTHING);
    }

    /** An option with a value. */
    public static OptionSpec value(String name, String valueName, String description) {
        return new OptionSpec(name, valueName, description, false, false, List.of(), Completes.NOTHING);
    }

    /** An option with one of a few values. */
    public static OptionSpec choice(String name, String description, String... choices) {
        List<String> all = List.of(choices);
        return new OptionSpec(name, String.join("|", all), description, false, false, all, Completes.NOTHING);
    }

    /** Returns the same option that may be repeated. */
    public OptionSpec manyTimes() {
        return new OptionSpec(name, valueName, description, true, required, choices, completes);
    }

    /** Returns the same option that must be given. */
    public OptionSpec always() {
        return new OptionSpec(name, valueName, description, repeatable, true, choices, completes);
    }

    /** Returns the same option with completion of its value. */
    public OptionSpec completing(Completes what) {
        return new OptionSpec(name, valueName, description, repeatable, required, choices, what);
    }

    /** Tells whether it stands alone, without a value. */
    public boolean isFlag() {
        return valueName.isEmpty();
    }

    /** Returns how help writes it. */
    public String usage() {
        return "--" + name + (isFlag() ? "" : " <" + valueName + ">");
    }
}
