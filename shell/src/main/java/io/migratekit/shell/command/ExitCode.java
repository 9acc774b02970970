package io.migratekit.shell.command;

/** What a command leaves to the shell that called it; scripts rely on the numbers. */
public enum ExitCode {
    DONE(0),
    FAILED(1),
    USAGE(2),
    PARTLY_DONE(3),
    NO_SUCH_THING(4),
    BUSY(5),
    NEEDS_DECISION(6),
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** Returns the number for {@link System#exit}. */
    public int number() {
        return number;
    }
}
