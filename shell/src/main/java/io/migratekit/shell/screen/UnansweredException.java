package io.migratekit.shell.screen;

/** The person left with Ctrl-C or Ctrl-D instead of answering a question. */
public final class UnansweredException extends RuntimeException {
    UnansweredException(Throwable cause) {
        super("the question was not answered; nothing was changed", cause);
    }
}
