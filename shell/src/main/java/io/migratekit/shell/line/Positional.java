package io.migratekit.shell.line;

/**
 * An argument without an option's name.
 *
 * @param name for help
 * @param description one line
 * @param optional whether it may be left out
 * @param many whether it takes all that follow
 * @param completes what the console offers when TAB is pressed on it
 */
public record Positional(String name, String description, boolean optional, boolean many, Completes completes) {

    /** Returns how help writes it. */
    public String usage() {
        String shown = "<" + name + ">" + (many ? " …" : "");
        return optional ? "[" + shown + "]" : shown;
    }
}
