package io.migratekit.shell.command;

/** A command cannot do what was asked; the message says what, which and what next. */
public final class CommandFailure extends RuntimeException {
    private final ExitCode code;

    public CommandFailure(ExitCode code, String message) {
        super(message);
        this.code = code;
    }

    public CommandFailure(ExitCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Returns what the caller gets. */
    public ExitCode code() {
        return code;
    }
}
