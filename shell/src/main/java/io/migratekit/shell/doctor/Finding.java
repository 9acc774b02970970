package io.migratekit.shell.doctor;

/**
 * What a look at one thing found.
 *
 * @param what the thing
 * @param severity how bad it is
 * @param found what is there
 * @param remedy what to do; empty if nothing
 */
public record Finding(String what, Severity severity, String found, String remedy) {

    /** How bad a finding is. */
    public enum Severity {
        /** As it should be. */
        OK,
        /** Missing, but only some commands or tests need it. */
        OPTIONAL,
        /** Works, but may become a problem. */
        WARNING,
        /** Does not work. */
        ERROR
    }

    /** Returns a thing that is as it should be. */
    public static Finding ok(String what, String found) {
        return new Finding(what, Severity.OK, found, "");
    }

    /** Returns a thing that only some need. */
    public static Finding optional(String what, String found, String remedy) {
        return new Finding(what, Severity.OPTIONAL, found, remedy);
    }

    /** Returns a thing that may become a problem. */
    public static Finding warning(String what, String found, String remedy) {
        return new Finding(what, Severity.WARNING, found, remedy);
    }

    /** Returns a thing that does not work. */
    public static Finding error(String what, String found, String remedy) {
        return new Finding(what, Severity.ERROR, found, remedy);
    }
}
